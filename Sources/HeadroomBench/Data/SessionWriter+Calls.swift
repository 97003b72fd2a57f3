internal import TestSupport

/// Calls of tools with their results.
extension SessionWriter {
  mutating func call() {
    switch pick(Mix.tools.map { ($0.tool, $0.share) }) {
    case .bash: shell()
    case .read: read()
    case .edit: edit()
    case .grep: search("Grep")
    case .write: writeFile()
    case .todo: todo()
    case .glob: search("Glob")
    case .task: task()
    case .agent: agent()
    case .fetch: fetch()
    }
  }

  mutating func shell() {
    let command = self.command()
    let id = use("Bash") {
      $0.field("command", command)
      $0.json.raw(",\"description\":\"Run it once more\"")
    }
    if random.chance(Mix.shellProgress) {
      for second in 1...Int.random(in: Mix.shellProgressRecords, using: &random) { shellProgress(id, second) }
    }
    let output = pools.shellOutput(&random).piece(Mix.shellOutput.pick(&random), &random)
    result(id) {
      $0.json.raw(output)
    } extra: {
      $0.json.raw("{\"stdout\":\"")
      $0.json.raw(output)
      $0.json.raw("\",\"stderr\":\"\",\"interrupted\":false,\"isImage\":false,\"noOutputExpected\":false}")
    }
  }

  /// A command of one program, or a script over several lines.
  mutating func command() -> ArraySlice<UInt8> {
    let programs = [
      "npm run", "git diff", "cargo test", "ls -la", "go test", "uv run pytest", "make", "node", "swift build",
    ]
    var command = JSONBytes()
    command.escaped("\(random.pick(programs)) \(Lines.path(&random))")
    let size = Mix.shellCommand.pick(&random)
    if size > 300 {
      command.raw(" <<'EOF'\\n")
      command.raw(pools.prose.piece(size, &random))
      command.raw("\\nEOF")
    } else if size > 100 {
      command.escaped(" && echo \"\(Lines.word(&random)) is done\" && \(random.pick(programs)) \(Lines.path(&random))")
    }
    return command.bytes[...]
  }

  mutating func read() {
    let path = "\(plan.folder)/\(Lines.path(&random))"
    let id = use("Read") { $0.json.raw("\"file_path\":\"\(path)\"") }
    let size = Mix.file.pick(&random)
    let pool = pools.file(&random)
    let first = Int.random(in: 1...400, using: &random)
    var numbered = JSONBytes()
    var plain = JSONBytes()
    var number = first
    pool.lines(size, &random) { line in
      let digits = String(number)
      numbered.raw(String(repeating: " ", count: max(0, 6 - digits.utf8.count)))
      numbered.raw(digits)
      numbered.raw("→")
      numbered.raw(line)
      numbered.raw("\\n")
      plain.raw(line)
      plain.raw("\\n")
      number += 1
    }
    result(id) {
      $0.json.raw(numbered.bytes[...])
    } extra: {
      $0.json.raw("{\"type\":\"text\",\"file\":{\"filePath\":\"\(path)\",\"content\":\"")
      $0.json.raw(plain.bytes[...])
      $0.json.raw("\",\"numLines\":\(number - first),\"startLine\":\(first),\"totalLines\":\(number)}}")
    }
  }

  mutating func edit() {
    let path = "\(plan.folder)/\(Lines.path(&random))"
    let pool = pools.file(&random)
    let old = pool.piece(Mix.editedPart.pick(&random), &random)
    let new = pool.piece(Mix.editedPart.pick(&random), &random)
    let id = use("Edit") {
      $0.json.raw("\"replace_all\":false,\"file_path\":\"\(path)\",")
      $0.field("old_string", old)
      $0.json.raw(",")
      $0.field("new_string", new)
    }
    let whole = pool.piece(Mix.editedFile.pick(&random), &random)
    result(id) {
      $0.json.raw("The file \(path) has been updated successfully.")
    } extra: {
      $0.json.raw("{\"filePath\":\"\(path)\",")
      $0.field("oldString", old)
      $0.json.raw(",")
      $0.field("newString", new)
      $0.json.raw(",")
      $0.field("originalFile", whole)
      $0.json.raw(",\"structuredPatch\":[{\"oldStart\":12,\"oldLines\":6,\"newStart\":12,\"newLines\":7,\"lines\":[\"-")
      $0.json.raw(old)
      $0.json.raw("\",\"+")
      $0.json.raw(new)
      $0.json.raw("\"]}],\"userModified\":false,\"replaceAll\":false}")
    }
  }

  mutating func writeFile() {
    let path = "\(plan.folder)/\(Lines.path(&random))"
    let pool = pools.file(&random)
    let content = pool.piece(Mix.writtenFile.pick(&random), &random)
    let old = chance(1, of: Mix.overwrittenEvery) ? pool.piece(Mix.writtenFile.pick(&random), &random) : nil
    let id = use("Write") {
      $0.json.raw("\"file_path\":\"\(path)\",")
      $0.field("content", content)
    }
    result(id) {
      $0.json.raw("File created successfully at: \(path)")
    } extra: {
      $0.json.raw("{\"type\":\"create\",\"filePath\":\"\(path)\",")
      $0.field("content", content)
      $0.json.raw(",\"structuredPatch\":[],\"originalFile\":")
      if let old { $0.quoted(old) } else { $0.json.raw("null") }
      $0.json.raw("}")
    }
  }

  mutating func search(_ tool: String) {
    let pattern = tool == "Grep" ? Lines.snake(&random) : "**/*\(Lines.word(&random))*.ts"
    let id = use(tool) { $0.json.raw("\"pattern\":\"\(pattern)\",\"path\":\"\($0.plan.folder)\"") }
    let isEmpty = random.chance(Mix.emptySearches)
    if isEmpty { tally.emptySearches += 1 }
    let size = tool == "Grep" ? Mix.found.pick(&random) : Mix.paths.pick(&random)
    let lines = (tool == "Grep" ? pools.found : pools.listing).piece(size, &random)
    result(id) {
      if isEmpty { $0.json.raw(tool == "Grep" ? "No matches found" : "No files found") } else { $0.json.raw(lines) }
    } extra: {
      if isEmpty {
        $0.json.raw("{\"mode\":\"content\",\"numFiles\":0,\"filenames\":[],\"content\":\"\",\"numLines\":0}")
      } else {
        $0.json.raw("{\"mode\":\"content\",\"numFiles\":3,\"filenames\":[],\"content\":\"")
        $0.json.raw(lines)
        $0.json.raw("\",\"numLines\":9}")
      }
    }
  }

  mutating func todo() {
    var list = JSONBytes()
    for index in 0..<Int.random(in: 3...9, using: &random) {
      if index > 0 { list.raw(",") }
      let name = "\(Lines.word(&random)) the \(Lines.word(&random)) of \(Lines.word(&random))"
      list.raw("{\"content\":\"\(name)\",\"status\":\"pending\",\"activeForm\":\"Doing \(name)\"}")
    }
    let id = use("TodoWrite") {
      $0.json.raw("\"todos\":[")
      $0.json.raw(list.bytes[...])
      $0.json.raw("]")
    }
    result(id) {
      $0.json.raw("Todos have been modified successfully. Go on with the current tasks where that makes sense.")
    } extra: {
      $0.json.raw("{\"oldTodos\":[],\"newTodos\":[")
      $0.json.raw(list.bytes[...])
      $0.json.raw("]}")
    }
  }

  mutating func task() {
    let number = Int.random(in: 1...40, using: &random)
    let id = use("TaskUpdate") { $0.json.raw("\"taskId\":\"\(number)\",\"status\":\"completed\"") }
    result(id) {
      $0.json.raw("Updated task #\(number) status")
    } extra: {
      $0.json.raw("{\"success\":true,\"taskId\":\"\(number)\",\"updatedFields\":[\"status\"]}")
    }
  }

  mutating func agent() {
    let prompt = pools.prose.piece(Mix.agentPrompt.pick(&random), &random)
    let id = use("Agent") {
      $0.json.raw("\"description\":\"Look around\",")
      $0.field("prompt", prompt)
      $0.json.raw(",\"subagent_type\":\"general-purpose\"")
    }
    let agent = String(random.next() >> 36, radix: 16)
    for turn in 0..<Int.random(in: Mix.agentProgressRecords, using: &random) { agentProgress(id, agent, prompt, turn) }
    let answer = pools.prose.piece(Mix.agentAnswer.pick(&random), &random)
    result(id, isList: true) {
      $0.json.raw(answer)
    } extra: {
      $0.json.raw("{\"status\":\"completed\",")
      $0.field("prompt", prompt)
      $0.json.raw(",\"agentId\":\"\(agent)\",\"content\":[{\"type\":\"text\",")
      $0.field("text", answer)
      $0.json.raw("}],\"totalDurationMs\":71234,\"totalTokens\":38211,\"totalToolUseCount\":17}")
    }
  }

  mutating func fetch() {
    let url = "https://\(Lines.word(&random)).test/\(Lines.word(&random))"
    let id = use("WebFetch") {
      $0.json.raw("\"url\":\"\(url)\",\"prompt\":\"What does it say of the \(Lines.word(&$0.random))?\"")
    }
    let page = pools.prose.piece(Mix.page.pick(&random), &random)
    result(id) {
      $0.json.raw(page)
    } extra: {
      $0.json.raw("{\"bytes\":48211,\"code\":200,\"codeText\":\"OK\",")
      $0.field("result", page)
      $0.json.raw(",\"durationMs\":2113,\"url\":\"\(url)\"}")
    }
  }

  mutating func planted(_ call: PlantedCall) {
    begin()
    let id = use(call.tool) {
      for (index, field) in call.input.enumerated() {
        if index > 0 { $0.json.raw(",") }
        $0.field(field.name, JSONBytes.escaping(field.value))
      }
    }
    let output = JSONBytes.escaping(call.output)
    if let category = call.category { tally.failures[category, default: 0] += 1 }
    result(id, isError: call.category != nil) {
      $0.json.raw(output)
    } extra: {
      if call.category == nil { $0.json.raw("{\"stdout\":\"") } else { $0.json.raw("\"Error: ") }
      $0.json.raw(output)
      $0.json.raw(call.category == nil ? "\",\"stderr\":\"\",\"interrupted\":false,\"isImage\":false}" : "\"")
    }
  }

  /// A picture that was taken: one of the longest lines that logs have.
  mutating func screenshot() {
    let id = use("Read") { $0.json.raw("\"file_path\":\"\($0.plan.folder)/screen.png\"") }
    record {
      $0.json.raw(
        "\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":[{\"tool_use_id\":\"\(id)\",\"type\":\"tool_result\",\"content\":["
      )
      $0.image(Mix.screenshot)
      $0.json.raw("]}]}")
    }
  }
}
