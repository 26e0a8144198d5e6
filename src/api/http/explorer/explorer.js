"use strict";

const field = (id) => document.getElementById(id);

// The token stays in this tab: it is an officer's key and not kept on disk.
async function run(event) {
  event.preventDefault();
  let variables;
  try {
    variables = JSON.parse(field("variables").value || "{}");
  } catch (error) {
    field("status").textContent = `变量不是 JSON · Variables are not JSON: ${error.message}`;
    return;
  }
  const headers = {
    "content-type": "application/json",
    accept: "application/graphql-response+json, application/json;q=0.9",
  };
  const token = field("token").value.trim();
  if (token) headers.authorization = `Bearer ${token}`;
  field("status").textContent = "…";
  const started = performance.now();
  try {
    const response = await fetch("graphql", {
      method: "POST",
      headers,
      body: JSON.stringify({ query: field("query").value, variables }),
    });
    const took = Math.round(performance.now() - started);
    field("status").textContent = `${response.status} · ${took} ms`;
    field("result").textContent = JSON.stringify(await response.json(), null, 2);
  } catch (error) {
    field("status").textContent = error.message;
  }
}

field("request").addEventListener("submit", run);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run(event);
});
