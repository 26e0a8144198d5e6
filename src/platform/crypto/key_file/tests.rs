use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::*;
use crate::platform::crypto::Context;

#[test]
fn a_stored_file_gives_the_same_keys_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys.json");
    let made = Keys::store_new(&path, KeyUse::Production).unwrap();
    let read = Keys::load(&path).unwrap();
    let sealed = made.ring.seal(Context::PHONE, &[], "13800000000");
    let opened = read.ring.open(Context::PHONE, &[], &sealed).unwrap();
    assert_eq!(opened.expose_secret(), "13800000000");
    assert_eq!(
        made.index.index(Context::PHONE, "1"),
        read.index.index(Context::PHONE, "1")
    );
    assert_eq!(made.signing.public(), read.signing.public());
    assert_eq!(read.made_for(), KeyUse::Production);
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_a_new_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys.json");
    Keys::store_new(&path, KeyUse::Demo).unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn an_existing_file_is_never_written_over() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys.json");
    fs::write(&path, "precious").unwrap();
    assert!(matches!(
        Keys::store_new(&path, KeyUse::Demo),
        Err(KeyFileError::Io { .. })
    ));
    assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
}

#[test]
fn a_broken_file_is_refused_by_field_without_repeating_secrets() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys.json");
    let good = serde_json::to_value(KeyMaterial::generate(KeyUse::Demo)).unwrap();
    for (field, value, reason) in [
        ("activeKey", json!(9), "activeKey names no key"),
        ("index", json!("c2VjcmV0"), "index is not 32 bytes"),
        ("signing", json!("c2VjcmV0"), "not an Ed25519 private key"),
        ("surprise", json!("c2VjcmV0"), "not a key file"),
    ] {
        let mut bad = good.clone();
        bad[field] = value;
        fs::write(&path, bad.to_string()).unwrap();
        let error = Keys::load(&path).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
        assert!(!error.contains("c2VjcmV0"), "{error}");
    }
}

#[test]
fn anchors_of_a_former_signing_key_still_verify() {
    let former = SigningKey::generate();
    let mut material = KeyMaterial::generate(KeyUse::Production);
    material.former_public_keys = vec![STANDARD.encode(former.public().as_bytes())];
    let keys = material.into_keys().unwrap();
    for signer in [&former, &keys.signing] {
        let jws = signer.sign(Purpose::Anchor, &json!({"sequence": 1}));
        assert!(keys.verify::<Value>(Purpose::Anchor, &jws).is_ok());
    }
    let stranger = SigningKey::generate().sign(Purpose::Anchor, &json!({}));
    assert!(matches!(
        keys.verify::<Value>(Purpose::Anchor, &stranger),
        Err(SignatureError::UnknownKey)
    ));
}

#[test]
fn a_rotation_that_fails_leaves_the_file_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys.json");
    let beside = dir.path().join("keys.json.next");
    Keys::store_new(&path, KeyUse::Demo).unwrap();
    let mut full = serde_json::to_value(KeyMaterial::generate(KeyUse::Demo)).unwrap();
    full["ring"] = json!({"4294967295": full["ring"]["1"]});
    full["activeKey"] = json!(u32::MAX);
    for (text, reason) in [
        (full.to_string(), "no number left"),
        ("{}".to_owned(), "not a key file"),
    ] {
        fs::write(&path, &text).unwrap();
        let error = Keys::rotate(&path).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        assert!(!beside.exists());
    }
    fs::write(&beside, "another rotation is at it").unwrap();
    let error = Keys::rotate(&path).unwrap_err().to_string();
    assert!(error.contains("keys.json.next"), "{error}");
    assert!(beside.exists());
}

#[test]
fn only_a_key_older_than_the_one_that_seals_is_retired() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys.json");
    Keys::store_new(&path, KeyUse::Demo).unwrap();
    Keys::rotate(&path).unwrap();
    Keys::prepare(&path).unwrap();
    let before = fs::read_to_string(&path).unwrap();
    for (key, reason) in [(2, "seals"), (3, "not used yet"), (4, "not used yet")] {
        let error = Keys::retire(&path, KeyId(key)).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), before);
    }
    Keys::retire(&path, KeyId(1)).unwrap();
    let ring = Keys::load(&path).unwrap().ring;
    assert_eq!(
        [1, 2, 3].map(|key| ring.holds(KeyId(key))),
        [false, true, true]
    );
    let error = Keys::retire(&path, KeyId(1)).unwrap_err().to_string();
    assert!(error.contains("no key 1"), "{error}");
    assert_eq!(Keys::rotate(&path).unwrap(), KeyId(3));
}

#[cfg(unix)]
#[test]
fn a_link_to_a_key_file_stays_a_link() {
    let dir = tempfile::tempdir().unwrap();
    let (path, link) = (dir.path().join("keys.json"), dir.path().join("link.json"));
    Keys::store_new(&path, KeyUse::Demo).unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert_eq!(Keys::rotate(&link).unwrap(), KeyId(2));
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(Keys::load(&path).unwrap().ring.active(), KeyId(2));
}
