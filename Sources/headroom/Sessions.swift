import ArgumentParser
import LearnPipeline
import SessionModel
import SessionReaders

struct Sessions: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sessions",
    abstract: "Write the sessions of any agent in one format, a JSON object a line.",
    discussion: """
      What looks like a key, a password or an address is masked. `headroom learn --agent jsonl` reads what this writes; \
      the README describes the format.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case jsonl }

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var named: NamedLogs

  @Option(help: "How to print: jsonl.")
  var format = Format.jsonl

  func run() async throws {
    let world = World.real
    let watch = selection.watch(in: world)
    defer { watch.end() }
    let selected = try selection.selection(in: world, logs: named.logs, watch)
    let (files, issues) = try SessionExport(world: world).export(selected) { record in
      watch.endProgress()
      Terminal.print(try Terminal.json(record))
    }
    try selection.check(LogSurvey(files: files, issues: issues), in: world, showsProjects: false)
  }
}
