//! A collector of traces: takes what the exchange exports and keeps the bytes.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Listens until the test ends.
pub struct Collector {
    pub endpoint: String,
    taken: Arc<Mutex<Vec<u8>>>,
}

impl Collector {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound");
        let taken = Arc::new(Mutex::new(Vec::new()));
        let into = Arc::clone(&taken);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let into = Arc::clone(&into);
                std::thread::spawn(move || take(stream, &into));
            }
        });
        Self {
            endpoint: format!("http://{address}"),
            taken,
        }
    }

    /// Everything that was exported.
    pub fn taken(&self) -> Vec<u8> {
        self.taken.lock().expect("not poisoned").clone()
    }
}

/// Answers every request of a connection; ends with it.
fn take(mut stream: TcpStream, into: &Mutex<Vec<u8>>) {
    let mut bytes = Vec::new();
    let mut chunk = vec![0_u8; 64 * 1024];
    while let Ok(read @ 1..) = stream.read(&mut chunk) {
        bytes.extend_from_slice(&chunk[..read]);
        while let Some(length) = request_length(&bytes).filter(|length| *length <= bytes.len()) {
            let request = bytes.drain(..length);
            into.lock().expect("not poisoned").extend(request);
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
            if stream.write_all(answer).is_err() {
                return;
            }
        }
    }
}

/// The bytes of the first request, once its head is there.
fn request_length(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"));
    Some(
        end + length
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(0),
    )
}
