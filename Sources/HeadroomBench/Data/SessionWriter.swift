internal import TestSupport

/// One log that is to be made.
struct LogPlan: Sendable {
  var number: Int
  var project: Int
  var folder: String
  var sessionID: String
  /// The name of a subagent; nil for a session of its own.
  var agentID: String?
  /// Bytes that it is to have, about.
  var size: Int
  var lessons: [PlantedLesson]
  /// Milliseconds since 1970.
  var start: Int
  /// Where the file lies, below the folder of the data.
  var path: String
}

/// Writes one log.
struct SessionWriter {
  var json = JSONBytes()
  var random: SplitMix64
  var tally = LogTally()
  let pools: TextPools
  let plan: LogPlan
  private let isOlder: Bool
  /// What every record says of where it was made.
  private let place: ArraySlice<UInt8>
  private let sidechain: String
  private var time: Int
  private var parent = "null"
  private var last = ""
  private var message = ""
  private var tokens = 0

  init(_ plan: LogPlan, pools: TextPools, seed: UInt64) {
    self.plan = plan
    self.pools = pools
    random = SplitMix64(seed: seed &+ UInt64(plan.number) &* 0x9E37_79B9)
    isOlder = random.chance(Mix.olderKeys)
    time = plan.start
    sidechain = plan.agentID == nil ? "false" : "true"
    var place = JSONBytes()
    place.raw("\"userType\":\"external\",")
    if !isOlder { place.raw("\"entrypoint\":\"cli\",") }
    place.raw(
      "\"cwd\":\"\(plan.folder)\",\"sessionId\":\"\(plan.sessionID)\",\"version\":\"2.1.\(isOlder ? 39 : 92)\",")
    place.raw("\"gitBranch\":\"main\"")
    if let agent = plan.agentID { place.raw(",\"agentId\":\"\(agent)\"") }
    place.raw(",\"slug\":\"\(Lines.word(&random))-\(Lines.word(&random))-\(Lines.word(&random))\"")
    self.place = place.bytes[...]
    json.bytes.reserveCapacity(plan.size + (1 << 16))
  }

  /// Writes the log to its end.
  mutating func write() {
    snapshot()
    prompt()
    var lessons = plan.lessons[...]
    while json.bytes.count < plan.size {
      let due = plan.size * (plan.lessons.count - lessons.count + 1) / (plan.lessons.count + 2)
      if let lesson = lessons.first, json.bytes.count >= due {
        for call in lesson.calls(in: plan.folder) { planted(call) }
        lessons.removeFirst()
      }
      beside()
      if chance(Mix.failures, of: 1000) {
        planted(pick(Mix.failureKinds.map { ($0.kind, $0.share) }).call(in: plan.folder, &random))
      } else {
        call()
      }
    }
    for lesson in lessons { for call in lesson.calls(in: plan.folder) { planted(call) } }
    if plan.size > 3_000_000, chance(1, of: Mix.screenshotEvery / 8) { screenshot() }
    tally.bytes = json.bytes.count
  }

  /// What stands between calls.
  private mutating func beside() {
    if chance(Mix.prompts, of: 1000) { prompt() }
    if chance(Mix.pastedImages, of: 1000) { pastedImage() }
    if chance(Mix.snapshots, of: 1000) { snapshot() }
    if chance(Mix.queueOperations, of: 1000) { queueOperation() }
    if chance(Mix.hookAttachments, of: 1000) { hookAttachment() }
    if chance(Mix.otherAttachments, of: 1000) { otherAttachment() }
    if chance(Mix.hookSummaries, of: 1000) { hookSummary() }
    if chance(Mix.shortRecords, of: 1000) { shortRecord() }
    begin()
    if random.chance(Mix.thinking) { thinking() }
    if random.chance(Mix.text) { reply() }
  }

  private mutating func call() {
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

  private mutating func shell() {
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
  private mutating func command() -> ArraySlice<UInt8> {
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

  private mutating func read() {
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

  private mutating func edit() {
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

  private mutating func writeFile() {
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

  private mutating func search(_ tool: String) {
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

  private mutating func todo() {
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

  private mutating func task() {
    let number = Int.random(in: 1...40, using: &random)
    let id = use("TaskUpdate") { $0.json.raw("\"taskId\":\"\(number)\",\"status\":\"completed\"") }
    result(id) {
      $0.json.raw("Updated task #\(number) status")
    } extra: {
      $0.json.raw("{\"success\":true,\"taskId\":\"\(number)\",\"updatedFields\":[\"status\"]}")
    }
  }

  private mutating func agent() {
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

  private mutating func fetch() {
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

  private mutating func planted(_ call: PlantedCall) {
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
  private mutating func screenshot() {
    let id = use("Read") { $0.json.raw("\"file_path\":\"\($0.plan.folder)/screen.png\"") }
    record {
      $0.json.raw(
        "\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":[{\"tool_use_id\":\"\(id)\",\"type\":\"tool_result\",\"content\":["
      )
      $0.image(Mix.screenshot)
      $0.json.raw("]}]}")
    }
  }

  /// The first part of a call.
  private mutating func use(_ tool: String, input: (inout Self) -> Void) -> String {
    let id = "toolu_01" + token(22)
    tally.calls += 1
    hookProgress(id, "PreToolUse:\(tool)")
    assistant {
      $0.json.raw("{\"type\":\"tool_use\",\"id\":\"\(id)\",\"name\":\"\(tool)\",\"input\":{")
      input(&$0)
      $0.json.raw("}}")
    }
    return id
  }

  private mutating func result(
    _ id: String, isError: Bool = false, isList: Bool = false, content: (inout Self) -> Void,
    extra: (inout Self) -> Void
  ) {
    let source = last
    record {
      $0.json.raw(
        "\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":[{\"tool_use_id\":\"\(id)\",\"type\":\"tool_result\",\"content\":"
      )
      $0.json.raw(isList ? "[{\"type\":\"text\",\"text\":\"" : "\"")
      content(&$0)
      $0.json.raw(isList ? "\"}]" : "\"")
      if isError { $0.json.raw(",\"is_error\":true") }
      $0.json.raw("}]}")
    } tail: {
      $0.json.raw(",\"toolUseResult\":")
      extra(&$0)
      $0.json.raw(",\"sourceToolAssistantUUID\":\"\(source)\"")
    }
    hookProgress(id, "PostToolUse")
  }

  private mutating func assistant(_ block: (inout Self) -> Void) {
    let read = Int.random(in: 12_000...160_000, using: &random)
    record {
      $0.json.raw(
        "\"message\":{\"model\":\"claude-opus-4-6\",\"id\":\"\($0.message)\",\"type\":\"message\",\"role\":\"assistant\",\"content\":["
      )
      block(&$0)
      $0.json.raw(
        "],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":3,\"cache_creation_input_tokens\":\(read / 40),\"cache_read_input_tokens\":\(read),\"cache_creation\":{\"ephemeral_5m_input_tokens\":0,\"ephemeral_1h_input_tokens\":\(read / 40)},\"output_tokens\":\($0.tokens),\"service_tier\":\"standard\",\"inference_geo\":\"not_available\"}},\"requestId\":\"req_011C\($0.token(20))\",\"type\":\"assistant\""
      )
    }
  }

  /// A new message of the model.
  private mutating func begin() {
    message = "msg_01" + token(22)
    tokens = Int.random(in: 1...900, using: &random)
  }

  private mutating func thinking() {
    let text = pools.prose.piece(Mix.thought.pick(&random), &random)
    let size = Mix.signature.pick(&random)
    assistant {
      $0.json.raw("{\"type\":\"thinking\",")
      $0.field("thinking", text)
      $0.json.raw(",\"signature\":\"")
      $0.base64(size)
      $0.json.raw("\"}")
    }
  }

  private mutating func reply() {
    let text = pools.prose.piece(Mix.reply.pick(&random), &random)
    assistant {
      $0.json.raw("{\"type\":\"text\",")
      $0.field("text", text)
      $0.json.raw("}")
    }
  }

  private mutating func prompt() {
    let text = pools.prose.piece(Mix.prompt.pick(&random), &random)
    record {
      $0.json.raw("\"type\":\"user\",\"message\":{\"role\":\"user\",")
      $0.field("content", text)
      $0.json.raw("}")
    }
  }

  private mutating func pastedImage() {
    let size = Mix.image.pick(&random)
    record {
      $0.json.raw(
        "\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"this is how it looks\"},"
      )
      $0.image(size)
      $0.json.raw("]}")
    }
  }

  private mutating func shellProgress(_ id: String, _ second: Int) {
    let output = pools.build.piece(Mix.shellProgressOutput.pick(&random), &random)
    record {
      $0.json.raw("\"type\":\"progress\",\"data\":{\"type\":\"bash_progress\",\"output\":\"\",")
      $0.field("fullOutput", output)
      $0.json.raw(
        ",\"elapsedTimeSeconds\":\(second),\"totalLines\":4,\"timeoutMs\":120000},\"toolUseID\":\"bash-progress-\(second)\",\"parentToolUseID\":\"\(id)\""
      )
    }
  }

  private mutating func hookProgress(_ id: String, _ name: String) {
    guard random.chance(Mix.hookProgress) else { return }
    record {
      $0.json.raw(
        "\"type\":\"progress\",\"data\":{\"type\":\"hook_progress\",\"hookEvent\":\"\(name.prefix { $0 != ":" })\",\"hookName\":\"\(name)\",\"command\":\"$CLAUDE_PROJECT_DIR/.claude/hooks/format.sh\"},\"parentToolUseID\":\"\(id)\",\"toolUseID\":\"\(id)\""
      )
    }
  }

  /// What a subagent does, as the session that started it repeats it: its calls are no calls of this session.
  private mutating func agentProgress(_ id: String, _ agent: String, _ prompt: ArraySlice<UInt8>, _ turn: Int) {
    let output = pools.file(&random).piece(Mix.agentProgress.pick(&random), &random)
    let inner = "toolu_01" + token(22)
    record {
      $0.json.raw("\"type\":\"progress\",\"data\":{\"message\":{\"type\":\"")
      if turn % 2 == 0 {
        $0.json.raw(
          "assistant\",\"message\":{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"\(inner)\",\"name\":\"Write\",\"input\":{"
        )
        $0.field("content", output)
        $0.json.raw("}}]}")
      } else {
        $0.json.raw(
          "user\",\"message\":{\"role\":\"user\",\"content\":[{\"tool_use_id\":\"\(inner)\",\"type\":\"tool_result\",")
        $0.field("content", output)
        $0.json.raw("}]}")
      }
      $0.json.raw("},\"normalizedMessages\":[],\"type\":\"agent_progress\",\"prompt\":")
      if turn == 0 { $0.quoted(prompt) } else { $0.json.raw("\"\"") }
      $0.json.raw(",\"agentId\":\"\(agent)\"},\"toolUseID\":\"agent_\($0.message)\",\"parentToolUseID\":\"\(id)\"")
    }
  }

  private mutating func snapshot() {
    let id = uuid()
    bare {
      $0.json.raw(
        "{\"type\":\"file-history-snapshot\",\"messageId\":\"\(id)\",\"snapshot\":{\"messageId\":\"\(id)\",\"trackedFileBackups\":{"
      )
      for index in 0..<Int.random(in: 0...9, using: &$0.random) {
        if index > 0 { $0.json.raw(",") }
        $0.json.raw(
          "\"\(Lines.path(&$0.random))\":{\"backupFileName\":\"\($0.token(16))@v1\",\"version\":1,\"backupTime\":\"\($0.stamp())\"}"
        )
      }
      $0.json.raw("},\"timestamp\":\"\($0.stamp())\"},\"isSnapshotUpdate\":false}")
    }
  }

  private mutating func queueOperation() {
    let text = pools.prose.piece(Mix.prompt.pick(&random), &random)
    bare {
      $0.json.raw(
        "{\"type\":\"queue-operation\",\"operation\":\"enqueue\",\"timestamp\":\"\($0.stamp())\",\"sessionId\":\"\($0.plan.sessionID)\","
      )
      $0.field("content", text)
      $0.json.raw("}")
    }
  }

  private mutating func hookAttachment() {
    record {
      $0.json.raw(
        "\"attachment\":{\"type\":\"hook_success\",\"hookName\":\"PostToolUse\",\"toolUseID\":\"toolu_01\($0.token(22))\",\"hookEvent\":\"PostToolUse\",\"content\":\"\",\"stdout\":\""
      )
      $0.json.raw($0.pools.build.piece(300, &$0.random))
      $0.json.raw(
        "\",\"stderr\":\"\",\"exitCode\":0,\"command\":\"$CLAUDE_PROJECT_DIR/.claude/hooks/format.sh\",\"durationMs\":211},\"type\":\"attachment\""
      )
    }
  }

  private mutating func otherAttachment() {
    let text = pools.prose.piece(Mix.prompt.pick(&random), &random)
    record {
      $0.json.raw("\"attachment\":{\"type\":\"task_reminder\",")
      $0.field("content", text)
      $0.json.raw(",\"itemCount\":0},\"type\":\"attachment\"")
    }
  }

  private mutating func hookSummary() {
    record {
      $0.json.raw(
        "\"type\":\"system\",\"subtype\":\"stop_hook_summary\",\"hookCount\":1,\"hookInfos\":[{\"command\":\"entire stop\"}],\"hookErrors\":[],\"preventedContinuation\":false,\"stopReason\":\"\",\"hasOutput\":false,\"level\":\"suggestion\""
      )
    } tail: {
      $0.json.raw(",\"toolUseID\":\"\($0.uuid())\"")
    }
  }

  private mutating func shortRecord() {
    let kinds = [
      "mode\",\"mode\":\"normal", "permission-mode\",\"permissionMode\":\"acceptEdits",
      "custom-title\",\"customTitle\":\"Work",
    ]
    let kind = random.pick(kinds)
    bare { $0.json.raw("{\"type\":\"\(kind)\",\"sessionId\":\"\($0.plan.sessionID)\"}") }
  }

  /// A record that hangs in the tree of the session.
  private mutating func record(_ body: (inout Self) -> Void, tail: (inout Self) -> Void = { _ in }) {
    let id = uuid()
    bare {
      $0.json.raw("{\"parentUuid\":\($0.parent),\"isSidechain\":\($0.sidechain),")
      if $0.isOlder {
        $0.json.raw($0.place)
        $0.json.raw(",")
      }
      body(&$0)
      $0.json.raw(",\"uuid\":\"\(id)\",\"timestamp\":\"\($0.stamp())\"")
      tail(&$0)
      if !$0.isOlder {
        $0.json.raw(",")
        $0.json.raw($0.place)
      }
      $0.json.raw("}")
    }
    parent = "\"\(id)\""
    last = id
  }

  private mutating func bare(_ body: (inout Self) -> Void) {
    time += Int.random(in: 40...4_000, using: &random)
    let begin = json.bytes.count
    body(&self)
    tally.longestLine = max(tally.longestLine, json.bytes.count - begin)
    json.raw("\n")
    tally.lines += 1
  }

  private mutating func field(_ name: String, _ text: ArraySlice<UInt8>) {
    json.raw("\"")
    json.raw(name)
    json.raw("\":")
    quoted(text)
  }

  private mutating func quoted(_ text: ArraySlice<UInt8>) {
    json.raw("\"")
    json.raw(text)
    json.raw("\"")
  }

  private mutating func image(_ size: Int) {
    json.raw("{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"")
    base64(size)
    json.raw("\"}}")
  }

  private mutating func base64(_ size: Int) {
    let end = json.bytes.count + size
    while json.bytes.count < end { pools.base64.lines(end - json.bytes.count, &random) { json.raw($0) } }
  }

  private mutating func chance(_ count: Int, of all: Int) -> Bool { Int.random(in: 0..<all, using: &random) < count }

  private mutating func pick<Kind>(_ kinds: [(Kind, Int)]) -> Kind {
    var left = Int.random(in: 0..<kinds.reduce(0) { $0 + $1.1 }, using: &random)
    for (kind, share) in kinds.dropLast() {
      left -= share
      if left < 0 { return kind }
    }
    return kinds[kinds.count - 1].0
  }

  private mutating func token(_ count: Int) -> String { Identifier.token(count, &random) }

  private mutating func uuid() -> String { Identifier.uuid(&random) }

  private func stamp() -> String { Identifier.stamp(time) }
}
