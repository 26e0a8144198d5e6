//! The structure of the code, proven from its own text: imports go down only, capabilities touch
//! each other only through `public` and only along the edges listed here, and SQL lives in
//! `repo.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::visit::Visit;

use silenced::Silenced;

#[path = "architecture/actions.rs"]
mod actions;
#[path = "architecture/calls.rs"]
mod calls;
#[path = "architecture/duplicates.rs"]
mod duplicates;
#[path = "architecture/landed.rs"]
mod landed;
#[path = "architecture/lengths.rs"]
mod lengths;
#[path = "architecture/silenced.rs"]
mod silenced;
#[path = "architecture/tables.rs"]
mod tables;

/// The layers from the bottom up. A file may import from its own layer and those before it.
const LAYERS: [&str; 6] = ["kernel", "platform", "capability", "api", "jobs", "cli"];

/// The legal edges between capabilities; each is to `public` only. Keep it free of cycles and as
/// short as it can be.
const EDGES: &[(&str, &str)] = &[
    ("audit", "employer"),
    ("audit", "employment"),
    ("audit", "region"),
    ("audit", "worker"),
    ("employer", "region"),
    ("employer", "submission"),
    ("employment", "employer"),
    ("employment", "region"),
    ("employment", "worker"),
    ("insurance", "employer"),
    ("insurance", "employment"),
    ("insurance", "submission"),
    ("insurance", "worker"),
    ("ledger", "employer"),
    ("ledger", "employment"),
    ("ledger", "region"),
    ("ledger", "worker"),
    ("overview", "worker"),
    ("synthetic", "employer"),
    ("synthetic", "employment"),
    ("synthetic", "submission"),
    ("synthetic", "worker"),
    ("trail", "audit"),
    ("trail", "worker"),
    ("worker", "region"),
    ("worker", "submission"),
];

/// Modules of the platform that own tables and therefore a `repo.rs`.
const PLATFORM_REPOS: [&str; 2] = ["journal", "queue"];

/// One path mentioned in a file, from `crate`, as its segments.
type Mention = Vec<String>;

struct Source {
    path: PathBuf,
    /// `["capability", "worker", "repo", "page"]` for `src/capability/worker/repo/page.rs`.
    module: Vec<String>,
    mentions: BTreeSet<Mention>,
    /// First segments of paths that leave the crate.
    crates: BTreeSet<String>,
    /// Tables of the entity crate that are named.
    tables: BTreeSet<String>,
}

/// Every path of a file, with the inline modules it stands in.
#[derive(Default)]
struct Paths {
    inline: Vec<String>,
    found: BTreeSet<(Vec<String>, Vec<String>)>,
    /// What an imported name stands for, by the inline module it is imported in.
    imports: BTreeMap<(Vec<String>, String), Vec<String>>,
}

impl Paths {
    fn tree(&mut self, prefix: &[String], tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => {
                let mut prefix = prefix.to_vec();
                prefix.push(path.ident.to_string());
                self.tree(&prefix, &path.tree);
            }
            syn::UseTree::Name(name) => self.end(prefix, &name.ident, &name.ident),
            syn::UseTree::Rename(rename) => self.end(prefix, &rename.ident, &rename.rename),
            syn::UseTree::Glob(_) => self.add(prefix.to_vec()),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.tree(prefix, tree);
                }
            }
        }
    }

    fn end(&mut self, prefix: &[String], ident: &syn::Ident, known_as: &syn::Ident) {
        let mut path = prefix.to_vec();
        let mut name = known_as.to_string();
        if ident != "self" {
            path.push(ident.to_string());
        } else if known_as == "self"
            && let Some(last) = path.last()
        {
            name.clone_from(last);
        }
        self.imports
            .insert((self.inline.clone(), name), path.clone());
        self.add(path);
    }

    /// Every path with imported names written out, so that `region::service::f()` behind a
    /// `use crate::capability::region;` is seen for what it is.
    fn resolved(&self) -> BTreeSet<(Vec<String>, Vec<String>)> {
        self.found
            .iter()
            .map(|(inline, path)| {
                let first = path.first().cloned().unwrap_or_default();
                let full = match self.imports.get(&(inline.clone(), first)) {
                    // An import names itself when it brings in the crate's own root.
                    Some(import) if import.len() > 1 => [import, &path[1..]].concat(),
                    Some(_) | None => path.clone(),
                };
                (inline.clone(), full)
            })
            .collect()
    }

    fn add(&mut self, path: Vec<String>) {
        self.found.insert((self.inline.clone(), path));
    }

    /// Paths inside macro calls are tokens to `syn`; read them as text.
    fn tokens(&mut self, text: &str) {
        let compact = text.replace(' ', "");
        for root in ["crate::", "sea_orm::", "entity::", "sqlx::"] {
            for (start, _) in compact.match_indices(root) {
                let before = compact[..start].chars().next_back();
                if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                    continue;
                }
                let path: String = compact[start..]
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':'))
                    .collect();
                self.add(
                    path.split("::")
                        .filter(|s| !s.is_empty())
                        .map(String::from)
                        .collect(),
                );
            }
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&[], &item.tree);
    }
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.inline.push(item.ident.to_string());
        syn::visit::visit_item_mod(self, item);
        self.inline.pop();
    }
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<_> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        // A lone name is a variable, or was imported by a `use` that is seen.
        if segments.len() > 1 {
            self.add(segments);
        }
        syn::visit::visit_path(self, path);
    }
    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.tokens(&item.tokens.to_string());
        syn::visit::visit_macro(self, item);
    }
}

fn rust_files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).expect("the source tree is readable") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn module_of(path: &Path) -> Vec<String> {
    let mut module: Vec<String> = path
        .with_extension("")
        .components()
        .map(|c| c.as_os_str().to_string_lossy().into_owned())
        .collect();
    if module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    module
}

/// A path as written, from the crate's root: `self`, `super` and `crate` resolved.
fn absolute(module: &[String], path: &[String]) -> Option<Mention> {
    let rest = |n: usize| path[n..].to_vec();
    match path.first()?.as_str() {
        "crate" => Some(rest(1)),
        "self" => Some([module, &rest(1)].concat()),
        "super" => {
            let ups = path.iter().take_while(|s| *s == "super").count();
            let kept = module.len().checked_sub(ups)?;
            Some([&module[..kept], &rest(ups)].concat())
        }
        _ => None,
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    files
        .into_iter()
        .map(|file| {
            let relative = file.strip_prefix(&root).expect("under src").to_owned();
            let text = std::fs::read_to_string(&file).expect("readable");
            let syntax = syn::parse_file(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", relative.display()));
            let mut paths = Paths::default();
            paths.visit_file(&syntax);
            let module = module_of(&relative);
            let found = paths.resolved();
            let mentions = found
                .iter()
                .filter_map(|(inline, path)| absolute(&[&module[..], inline].concat(), path))
                .collect();
            let crates = found
                .iter()
                .filter_map(|(_, path)| path.first().cloned())
                .collect();
            let tables = found
                .iter()
                .filter(|(_, path)| path.first().is_some_and(|first| first == "entity"))
                .filter_map(|(_, path)| path.get(1).cloned())
                .collect();
            Source {
                path: relative,
                module,
                mentions,
                crates,
                tables,
            }
        })
        .collect()
}

fn layer(segment: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == segment)
}

/// Fails with every broken rule at once.
fn none(broken: &[String]) {
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn imports_go_down_only() {
    let mut broken = Vec::new();
    let mut seen = BTreeSet::new();
    for source in sources() {
        let Some(own) = source.module.first().and_then(|s| layer(s)) else {
            continue;
        };
        seen.insert(own);
        for mention in &source.mentions {
            if let Some(other) = mention.first().and_then(|s| layer(s))
                && other > own
            {
                broken.push(format!(
                    "{}: {} imports from {}",
                    source.path.display(),
                    LAYERS[own],
                    mention.join("::")
                ));
            }
        }
    }
    assert!(
        seen.len() >= 4,
        "the walk has found hardly any layer: {seen:?}"
    );
    none(&broken);
}

#[test]
fn every_file_belongs_to_a_layer() {
    let broken: Vec<_> = sources()
        .iter()
        .filter(|s| s.module.first().and_then(|first| layer(first)).is_none())
        .map(|s| s.path.display().to_string())
        .filter(|path| !matches!(path.as_str(), "lib.rs" | "main.rs"))
        .collect();
    none(&broken);
}

#[test]
fn capabilities_touch_each_other_only_through_public_and_listed_edges() {
    let sources = sources();
    let listed: BTreeSet<(&str, &str)> = EDGES.iter().copied().collect();
    let mut used = BTreeSet::new();
    let mut broken = Vec::new();
    for source in &sources {
        let [first, own, ..] = source.module.as_slice() else {
            continue;
        };
        if first != "capability" {
            continue;
        }
        for mention in &source.mentions {
            let [first, other, rest @ ..] = mention.as_slice() else {
                continue;
            };
            if first != "capability" || other == own {
                continue;
            }
            let place = source.path.display();
            // `use crate::capability::region;` names no more than where `public` is.
            if rest.first().is_some_and(|part| part != "public") {
                broken.push(format!(
                    "{place}: reaches into {other}: {}",
                    rest.join("::")
                ));
            }
            match listed.get(&(own.as_str(), other.as_str())) {
                Some(edge) => {
                    used.insert(*edge);
                }
                None => broken.push(format!("{place}: the edge {own} -> {other} is not listed")),
            }
        }
    }
    for edge in listed.difference(&used) {
        broken.push(format!(
            "the listed edge {} -> {} is not used",
            edge.0, edge.1
        ));
    }
    broken.sort();
    broken.dedup();
    none(&broken);
}

#[test]
fn the_edges_between_capabilities_have_no_cycle() {
    let mut left: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, to) in EDGES {
        left.entry(from).or_default().insert(to);
        left.entry(to).or_default();
    }
    // Takes away whatever depends on nothing that is left; a cycle is what never goes.
    loop {
        let free: Vec<&str> = left
            .iter()
            .filter(|(_, to)| to.is_empty())
            .map(|(from, _)| *from)
            .collect();
        if free.is_empty() {
            break;
        }
        for gone in free {
            left.remove(gone);
            for to in left.values_mut() {
                to.remove(gone);
            }
        }
    }
    assert!(left.is_empty(), "a cycle among {left:?}");
}

#[test]
fn sql_lives_in_the_platforms_db_and_in_repo_files() {
    let mut broken = Vec::new();
    let mut repos = 0;
    for source in sources() {
        let is_db = source.module.starts_with(&["platform".into(), "db".into()]);
        let is_repo = source.module.iter().any(|part| part == "repo");
        if is_repo {
            repos += 1;
            if let [first, owner, ..] = source.module.as_slice()
                && first == "platform"
                && !PLATFORM_REPOS.contains(&owner.as_str())
            {
                broken.push(format!("{}: {owner} owns no table", source.path.display()));
            }
        }
        if is_db || is_repo {
            continue;
        }
        // The journal appends in the transaction that the session hands it.
        for name in ["sea_orm", "entity", "sqlx", "migration"] {
            if source.crates.contains(name) {
                broken.push(format!("{}: uses {name}", source.path.display()));
            }
        }
    }
    assert!(repos >= 3, "the walk has found hardly any repo.rs: {repos}");
    none(&broken);
}

#[test]
fn only_jobs_and_commands_act_as_the_system() {
    let broken: Vec<_> = sources()
        .iter()
        .filter(|s| !matches!(s.module.first().map(String::as_str), Some("jobs" | "cli")))
        .filter(|s| !s.module.starts_with(&["platform".into(), "authz".into()]))
        .filter(|s| {
            let text = std::fs::read_to_string(
                Path::new(env!("CARGO_MANIFEST_DIR"))
                    .join("src")
                    .join(&s.path),
            )
            .expect("readable");
            text.contains("Caller::system(")
        })
        .map(|s| s.path.display().to_string())
        .collect();
    none(&broken);
}

#[test]
fn expectations_stand_on_functions_and_give_a_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut broken = Vec::new();
    for file in all_files() {
        let text = std::fs::read_to_string(&file).expect("readable");
        let shown = file.strip_prefix(root).expect("under the root").display();
        let syntax = syn::parse_file(&text).unwrap_or_else(|error| panic!("{shown}: {error}"));
        let mut silenced = Silenced::default();
        silenced.visit_file(&syntax);
        broken.extend(
            silenced
                .0
                .iter()
                .map(|name| format!("{shown}: #[{name}(…)]")),
        );
        // What stands inside a macro call is tokens to the walk. Spelled in two parts, so that
        // this line does not find itself.
        if text.contains(concat!("#[", "allow(")) {
            broken.push(format!("{shown}: an allow"));
        }
    }
    none(&broken);
}

/// The engine checks while it reads the arguments of one field. What it finds there is in one language,
/// and where it stands in an item, the items beside it are lost.
#[test]
fn inputs_are_checked_by_use_cases() {
    let mut broken = Vec::new();
    for file in all_files() {
        let text = std::fs::read_to_string(&file).expect("readable");
        if text.contains(concat!("validator", "(")) {
            broken.push(format!("{}: a validator of the engine", file.display()));
        }
    }
    none(&broken);
}

/// Every file of the workspace.
fn all_files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for tree in ["src", "entity", "migration", "tests", "benches"] {
        rust_files(&root.join(tree), &mut files);
    }
    files
}
