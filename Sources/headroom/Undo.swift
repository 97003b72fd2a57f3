import ArgumentParser
import ContextFiles
import LearnPipeline
import SessionModel

struct Undo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo",
    abstract: "Bring back files as they were before the last write.",
    discussion:
      "Without a file, all files that the last `learn --apply` or `forget` wrote. Needs neither network nor logs.")

  @Argument(help: ArgumentHelp("Files that were written.", valueName: "file"))
  var files: [String] = []

  @Flag(help: "Also when a file has changed since: those changes are lost.")
  var force = false

  func run() async throws {
    let world = World.real
    // What may be undone is what is on record; where it lies was decided when it was written.
    let replacer = FileReplacer(roots: ["/"], stateFolder: world.stateFolder)
    let memory = LessonMemory(stateFolder: world.stateFolder)
    let paths =
      try files.isEmpty ? replacer.lastWritten() : files.map { PathText.resolved($0, in: world.currentDirectory) }
    guard !paths.isEmpty else {
      let earlier = try replacer.undoable()
      Terminal.warn(
        earlier.isEmpty
          ? "nothing to undo: no write is on record in \(world.stateFolder)"
          : "the last write was taken back already; to take back an earlier one, name its file: "
            + earlier.joined(separator: ", "))
      throw ExitCode(1)
    }
    var failed = false
    for path in paths {
      do throws(UndoError) {
        do { try memory.prepareUndo(of: path) } catch { throw .write(error) }
        let replacement = try replacer.undo(path, force: force)
        do { try memory.takeBack(replacement) } catch { throw .write(error) }
        Terminal.print(UndoReport.text(of: replacement))
      } catch {
        failed = true
        if let difference = UndoReport.difference(of: error) { Terminal.print(difference) }
        Terminal.warn(error.description)
      }
    }
    if failed { throw ExitCode(1) }
  }
}
