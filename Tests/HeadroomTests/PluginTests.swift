import Foundation
import Testing

/// Plugins on PATH, good and bad.
struct PluginTests {
  private let folder: TemporaryFolder
  private var program: Program

  init() throws {
    folder = try TemporaryFolder()
    program = try Program(in: folder)
    program.variables["PATH"] = folder.path + "/tools:/usr/bin:/bin"
    program.variables["HEADROOM_AGENT_TIMEOUT"] = "2"
    try folder.write("", to: "shop/.git/HEAD")
    try folder.write("", to: "home/empty")
  }

  private static let good = """
    #!/bin/sh
    case $1 in
    describe) echo '{"version":1,"display_name":"Acme","logs":["one"]}' ;;
    read)
      echo '{"type":"session","version":1,"id":"s1","cwd":"/home/dev/shop"}'
      echo '{"type":"call","id":"c1","name":"bash","input":"npm tset","exit":1,"output":"Unknown command: \\"tset\\""}' ;;
    esac
    """

  private func install(_ text: String, as name: String = "headroom-agent-acme", in place: String = "tools") throws {
    let file = try folder.write(text + "\n", to: "\(place)/\(name)")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
  }

  /// A plugin that leaves a mark when it is run.
  private func trap(in place: String, as name: String = "headroom-agent-acme") throws {
    try install("#!/bin/sh\ntouch '\(folder.path)/mark'\n" + Self.good.dropFirst(10), as: name, in: place)
  }

  private var wasRun: Bool { FileManager.default.fileExists(atPath: folder.path + "/mark") }

  @Test func goodPluginIsListedAndRead() throws {
    try install(Self.good)
    let agents = try program.run("agents")
    #expect(agents.output.contains("acme  Acme: 1 log file"))
    #expect(try program.run("agents", "--format", "json").output.contains(#""sources":["its plugin"]"#))
    let found = try program.run("failures", "--all", "--format", "jsonl")
    #expect(found.status == 0 && found.errors.isEmpty)
    #expect(found.output.contains(#""agent":"acme""#) && found.output.contains(#""call_id":"c1""#))
  }

  @Test(arguments: [
    ("exec sleep 600", "took longer than 2 s"), ("exit 3", "ended with 3"), ("echo no >&2; exit 1", "ended with 1: no"),
    ("kill -9 $$", "ended by signal 9"), ("echo nonsense", "did not answer with a JSON object"),
    (#"echo '{"version":9}'"#, "version 9"), ("exec yes", "more than 8 MiB"),
  ])
  func badDescriptionIsAWarning(_ script: String, _ reason: String) throws {
    try install("#!/bin/sh\n" + script)
    try addClaudeLog()
    let result = try program.run("learn", "--all", "--format", "json")
    #expect(result.status == 0, "\(result)")
    #expect(result.errors.contains("headroom-agent-acme: ") && result.errors.contains(reason), "\(result.errors)")
    #expect(result.output.contains(#""issues":{"plugin_failures":1}"#))
    #expect(result.output.contains(#""name":"shop""#))
  }

  @Test(arguments: [
    ("exit 4", "ended with 4"), ("exec sleep 600", "took longer than 2 s"), ("echo '{'", "not a JSON record"),
    (#"echo '{"type":"session","version":1,"id":"s2"}'"#, "second session"),
  ])
  func whatItPrintedBeforeItFailedCounts(_ script: String, _ reason: String) throws {
    try install(Self.good + "\n[ $1 = describe ] || { \(script); }")
    let result = try program.run("learn", "--all", "--format", "json")
    #expect(result.status == 0, "\(result)")
    #expect(result.output.contains(#""calls":1"#))
    #expect(result.output.contains(reason))
    #expect(!result.output.contains(#""issue_list":[]"#))
  }

  @Test func programThatCannotBeStartedIsAWarning() throws {
    try install("no program")
    try addClaudeLog()
    let result = try program.run("learn", "--all")
    #expect(result.status == 0)
    #expect(result.errors.contains("cannot be started"))
  }

  @Test(arguments: [".", "", "bin", "./bin", "shop/bin"])
  func relativeEntriesOfPathAreNotLookedInto(_ entry: String) throws {
    for place in ["shop", "shop/bin", "shop/shop/bin"] { try trap(in: place) }
    var program = program
    program.folder = folder.url.appending(path: "shop")
    program.variables["PATH"] = "\(entry):/usr/bin:/bin"
    #expect(try !program.run("agents").output.contains("acme"))
    _ = try program.run("learn", "--all")
    #expect(!wasRun)
  }

  @Test(arguments: [(".", "."), ("src/deep", "."), ("../elsewhere", "../shop")])
  func pluginsInTheProjectAreNotRun(_ current: String, _ project: String) throws {
    try trap(in: "shop/node_modules/.bin")
    try folder.write("", to: "shop/src/deep/empty")
    try folder.write("", to: "elsewhere/empty")
    // A way around by a link leads to the same folder.
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/tools", withDestinationPath: folder.path + "/shop/node_modules/.bin")
    var program = program
    program.folder = folder.url.appending(path: "shop/" + current)
    for path in ["/shop/node_modules/.bin", "/tools"] {
      program.variables["PATH"] = folder.path + path + ":/usr/bin:/bin"
      let result = try program.run("learn", "--project", project)
      #expect(result.errors.contains("lies in the project"), "\(result)")
      #expect(!wasRun)
    }
  }

  @Test func builtInNamesAndOddNamesAreNotTaken() throws {
    for name in ["claude", "auto", "UPPER", "..", "a b"] { try trap(in: "tools", as: "headroom-agent-" + name) }
    let result = try program.run("agents")
    #expect(result.status == 0)
    #expect(result.errors.contains("`claude` is built in") && result.errors.contains("may hold only a-z"))
    #expect(!wasRun)
  }

  @Test func programsThatOthersMayChangeAreNotRun() throws {
    try trap(in: "tools")
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.path + "/tools")
    #expect(try program.run("agents").errors.contains("others may write to it"))
    #expect(!wasRun)
  }

  @Test func pluginIsRunInTheRootFolderWithoutInput() throws {
    try install(
      "#!/bin/sh\n[ \"$(pwd)\" = / ] && ! read line && echo \"$PATH\" | grep -q '^/' \\\n  && echo '{\"version\":1,\"display_name\":\"Fine\"}'"
    )
    #expect(try program.run("agents").output.contains("acme  Fine: no logs"))
  }

  private func addClaudeLog() throws {
    let lines = [
      #"{"type":"assistant","sessionId":"s1","cwd":"/home/dev/shop","message":{"content":[{"type":"tool_use","id":"toolu_1","name":"Bash","input":{"command":"ls"}}]}}"#,
      #"{"type":"user","sessionId":"s1","cwd":"/home/dev/shop","message":{"content":[{"type":"tool_result","tool_use_id":"toolu_1","is_error":false,"content":"a"}]}}"#,
    ]
    try folder.write(lines.joined(separator: "\n") + "\n", to: "claude/projects/-home-dev-shop/s1.jsonl")
  }
}
