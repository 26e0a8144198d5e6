//! Runs the binary in a directory of its own and talks to it.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{http, people};

/// Longer than a start takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The token of a metrics scraper.
pub const SCRAPER: &str = "a-scraper-and-nobody-else";

/// A working directory with nothing in it.
pub struct Place {
    directory: tempfile::TempDir,
    settings: Vec<(String, String)>,
}

/// How a command ended.
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Place {
    pub fn new() -> Self {
        Self {
            directory: tempfile::tempdir().expect("a temporary directory"),
            settings: Vec::new(),
        }
    }

    /// Sets an environment variable of every command run here.
    pub fn set(&mut self, name: &str, value: &str) {
        self.settings.push((name.to_owned(), value.to_owned()));
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The binary here, without what the environment of the tests says.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_exchange"));
        command.args(args).current_dir(self.directory.path());
        let foreign = |name: &str| name.starts_with("EXCHANGE_") || name.starts_with("DATABASE_");
        for (name, _) in std::env::vars().filter(|(name, _)| foreign(name)) {
            command.env_remove(name);
        }
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end, which must come.
    pub fn run(&self, args: &[&str]) -> Ended {
        let mut running = Running::start(self.command(args));
        let (out, err) = (running.rest(&running.out), running.rest(&running.err));
        let code = running.child.wait().expect("it ends").code();
        Ended { code, out, err }
    }

    /// Starts a command without waiting for anything of it.
    pub fn begin(&self, args: &[&str]) -> Running {
        Running::start(self.command(args))
    }

    /// Runs a command that must end with 0; its standard output.
    pub fn done(&self, args: &[&str]) -> String {
        let ended = self.run(args);
        assert_eq!(ended.code, Some(0), "{args:?}: {}", ended.err);
        ended.out
    }

    /// Runs a command that must end with 1; its standard error.
    pub fn refused(&self, args: &[&str]) -> String {
        let ended = self.run(args);
        assert_eq!(ended.code, Some(1), "{args:?}: {} {}", ended.out, ended.err);
        ended.err
    }

    /// Starts a demo on a free port and waits until it has printed its table and is ready.
    pub fn demo(&self, args: &[&str]) -> Running {
        let args = [&["demo", "--listen", "127.0.0.1:0"], args].concat();
        let mut running = Running::start(self.command(&args));
        let table = running.read_out_until("Stop with Ctrl-C.");
        let address = table.iter().find_map(|line| line.strip_prefix("GraphQL"));
        running.url = address
            .and_then(|rest| rest.trim().strip_suffix("/graphql"))
            .expect("the table has the address")
            .to_owned();
        running.table = table;
        running.ready();
        running
    }

    /// Starts a server on a free port and waits until its log says that it serves and it is ready.
    pub fn serve(&self) -> Running {
        let mut command = self.command(&["serve"]);
        command.env("EXCHANGE_HTTP__LISTEN", "127.0.0.1:0");
        command.env("EXCHANGE_TELEMETRY__LOG_FORMAT", "json");
        let mut running = Running::start(command);
        let log = running.read_err_until("\"serving\"");
        let line = log.last().expect("a line was found");
        let event: Value = serde_json::from_str(line).expect("a log line is JSON");
        let address = event["address"].as_str().expect("the address");
        running.url = format!("http://{address}");
        running.begun = log;
        running.ready();
        running
    }
}

/// A process that serves. Killed when it is dropped.
pub struct Running {
    child: Child,
    pub url: String,
    pub table: Vec<String>,
    /// What a server logged until it served.
    begun: Vec<String>,
    out: Receiver<String>,
    err: Receiver<String>,
}

impl Running {
    fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let out = lines(child.stdout.take().expect("piped"));
        let err = lines(child.stderr.take().expect("piped"));
        Self {
            child,
            url: String::new(),
            table: Vec::new(),
            begun: Vec::new(),
            out,
            err,
        }
    }

    /// Waits until the process says that it answers.
    fn ready(&mut self) {
        let url = self.url.clone();
        let address = url.strip_prefix("http://").expect("an address");
        let begun = Instant::now();
        loop {
            let answer = ask_once(address, "/readyz");
            if answer
                .as_ref()
                .is_ok_and(|text| text.starts_with("HTTP/1.1 200"))
            {
                return;
            }
            let waiting = self.ended().is_none() && begun.elapsed() < PATIENCE;
            assert!(waiting, "not ready: {answer:?} {}", self.last_words());
        }
    }

    /// How the process ended; `None` while it runs.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child of this process")
    }

    /// What a test says when the process does not answer: whether it still runs, and what it wrote.
    pub fn last_words(&mut self) -> String {
        let state = match self.ended() {
            Some(status) => format!("the process has ended by itself: {status}"),
            None => "the process runs".to_owned(),
        };
        let written: Vec<_> = self.err.try_iter().collect();
        format!("{state}; it wrote {written:#?}")
    }

    /// Everything that is still written until the stream ends.
    fn rest(&self, lines: &Receiver<String>) -> String {
        let mut text = String::new();
        loop {
            match lines.recv_timeout(PATIENCE) {
                Ok(line) => text = text + &line + "\n",
                Err(RecvTimeoutError::Disconnected) => return text,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end: {text}"),
            }
        }
    }

    fn read_out_until(&self, mark: &str) -> Vec<String> {
        self.read_until(&self.out, mark)
    }

    fn read_err_until(&self, mark: &str) -> Vec<String> {
        self.read_until(&self.err, mark)
    }

    fn read_until(&self, lines: &Receiver<String>, mark: &str) -> Vec<String> {
        let mut read = Vec::new();
        loop {
            let line = lines.recv_timeout(PATIENCE).unwrap_or_else(|_| {
                let err: Vec<_> = self.err.try_iter().collect();
                panic!("no line with {mark}: {read:?} {err:?}")
            });
            let found = line.contains(mark);
            read.push(line);
            if found {
                return read;
            }
        }
    }

    /// The tokens of the table, each with what stands above it.
    pub fn tokens(&self) -> Vec<(&str, &str)> {
        self.table
            .windows(2)
            .filter(|pair| pair[1].starts_with("ey"))
            .map(|pair| (pair[0].as_str(), pair[1].as_str()))
            .collect()
    }

    /// The token whose line begins with `role` and holds `of`.
    pub fn token(&self, role: &str, of: &str) -> &str {
        let tokens = self.tokens();
        let found = tokens
            .iter()
            .find(|(line, _)| line.starts_with(role) && line.contains(of));
        found.unwrap_or_else(|| panic!("no token of {role} {of}")).1
    }

    /// The token of an officer of the origin county.
    pub fn origin(&self) -> &str {
        self.token("OFFICER", people::ORIGIN)
    }

    /// Kills it as a loss of power would, with nothing put in order.
    pub fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// Asks a server to stop and waits; every line it has written to either stream.
    pub fn ended_log(mut self) -> Vec<String> {
        self.terminate();
        // Reading on meanwhile: a full pipe would keep it from ending.
        let mut log = std::mem::take(&mut self.begun);
        log.extend(self.err.iter());
        log.extend(self.out.iter());
        self.child.wait().expect("it ends");
        log
    }

    fn terminate(&self) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status();
        assert!(sent.expect("kill runs").success());
    }

    /// Asks it to stop and waits; its exit code.
    pub fn stop(mut self) -> Option<i32> {
        self.terminate();
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Whoever stopped it already gets an error that says nothing.
        let _stopped = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// One GET over a connection of its own, without a runtime; the whole answer.
fn ask_once(address: &str, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            // The test that no longer reads still must not block the process.
            let _unread = sender.send(line);
        }
    });
    receiver
}

/// Runs a test that talks HTTP.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(work)
}

/// One client for all tests; each request has a connection of its own, because a kept one would
/// belong to the runtime of the test that made it.
pub static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(|| {
    let client = http::client().pool_max_idle_per_host(0).build();
    client.expect("a client")
});

/// Posts an operation; the answer, or why there is none.
pub async fn post(
    url: &str,
    token: &str,
    query: &str,
    variables: Value,
) -> reqwest::Result<reqwest::Response> {
    CLIENT
        .post(format!("{url}/graphql"))
        .bearer_auth(token)
        .json(&json!({"query": query, "variables": variables}))
        .send()
        .await
}

/// Posts an operation that must succeed; its data.
pub async fn data(url: &str, token: &str, query: &str, variables: Value) -> Value {
    let response = post(url, token, query, variables).await.expect("an answer");
    let mut body: Value = response.json().await.expect("JSON");
    assert!(body.get("errors").is_none(), "{query}\n{body:#}");
    body["data"].take()
}

/// Registers a household in [`people::VILLAGE`]; its id.
pub async fn household(url: &str, token: &str, number: &str) -> String {
    let answer = data(
        url,
        token,
        "mutation($input: RegisterHouseholdInput!) {
           registerHousehold(input: $input) { householdId userErrors { code } } }",
        json!({"input": {"village": people::VILLAGE, "number": number,
               "category": "LIFTED_OUT_OF_POVERTY", "categorySince": "2017-11-02"}}),
    )
    .await;
    let id = answer["registerHousehold"]["householdId"].as_str();
    id.unwrap_or_else(|| panic!("no household: {answer}"))
        .to_owned()
}

/// Registers the `number`-th person; their id, or `None` when no whole answer came.
pub async fn register(url: &str, token: &str, household: &str, number: u32) -> Option<String> {
    let query = "mutation($input: RegisterWorkerInput!) {
        registerWorker(input: $input) { worker { id } userErrors { code } } }";
    let input = json!({"input": {"householdId": household, "name": format!("王小{number}"),
                       "residentId": people::resident_id(number)}});
    let response = post(url, token, query, input).await.ok()?;
    let body: Value = response.json().await.ok()?;
    let id = body["data"]["registerWorker"]["worker"]["id"].as_str();
    Some(id.unwrap_or_else(|| panic!("refused: {body:#}")).to_owned())
}

/// Whether a caller sees a person.
pub async fn sees(url: &str, token: &str, worker: &str) -> bool {
    let query = "query($id: ID!) { worker(id: $id) { id } }";
    let seen = data(url, token, query, json!({"id": worker})).await;
    seen["worker"]["id"] == worker
}

/// Runs statements on an SQLite file behind the exchange's back; the first column of the last.
#[expect(
    clippy::disallowed_methods,
    reason = "what is tested is what happens when somebody writes past the exchange"
)]
pub fn meddle(file: &Path, statements: &[&str]) -> Option<i64> {
    use sea_orm::{ConnectionTrait as _, Statement};
    block_on(async {
        let url = format!("sqlite://{}", file.display());
        let database = sea_orm::Database::connect(url).await.expect("opens");
        let mut value = None;
        for sql in statements {
            let statement = Statement::from_string(sea_orm::DbBackend::Sqlite, *sql);
            let row = database.query_one_raw(statement).await.expect("runs");
            value = row.and_then(|row| row.try_get_by_index(0).ok());
        }
        database.close().await.expect("closes");
        value
    })
}

/// What `/metrics` shows to the scraper.
pub async fn metrics(url: &str) -> String {
    let request = reqwest::Client::new().get(format!("{url}/metrics"));
    let answer = request.bearer_auth(SCRAPER).send().await;
    answer.expect("an answer").text().await.expect("text")
}
