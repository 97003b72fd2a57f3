import ArgumentParser
import ContextFiles
import LearnPipeline

struct Forget: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Take a lesson out of the files it stands in, and never recommend it again.",
    discussion: "Needs neither network nor logs. `headroom remember` takes it back.")

  @Argument(help: ArgumentHelp("The id that `learn` prints, such as r-5f3a9c.", valueName: "id"))
  var ids: [String] = []

  @Flag(help: "List the lessons that are not wanted.")
  var list = false

  func validate() throws {
    if list, !ids.isEmpty { throw ValidationError("use either --list or ids") }
    if !list, ids.isEmpty { throw ValidationError("name the id of a lesson, or use --list") }
    try LessonID.check(ids)
  }

  func run() async throws {
    let world = World.real
    let memory = LessonMemory(stateFolder: world.stateFolder, run: world.moment)
    if list {
      if let damage = memory.damage { Terminal.warn(damage) }
      for lesson in memory.forgotten { Terminal.print("\(lesson.id)  everywhere  \(lesson.text ?? "")") }
      for lesson in memory.removed { Terminal.print("\(lesson.id ?? "-       ")  \(lesson.path)  \(lesson.text)") }
      return
    }
    for id in ids {
      let changed = try memory.forget(id)
      for file in changed { Terminal.print("took \(id) out of \(file.path)") }
      if changed.isEmpty { Terminal.print("\(id) stands in no file that was written from here") }
      Terminal.print("\(id) will not be recommended again")
    }
  }
}

struct Remember: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remember",
    abstract: "Allow a lesson again that was forgotten, or whose line was taken out of a file by hand.",
    discussion: "Its line comes back with the next `learn --apply`.")

  @Argument(help: ArgumentHelp("The id, as `forget --list` prints it.", valueName: "id"))
  var ids: [String]

  func validate() throws { try LessonID.check(ids) }

  func run() async throws {
    let world = World.real
    let memory = LessonMemory(stateFolder: world.stateFolder)
    var failed = false
    for id in ids {
      if try memory.remember(id) {
        Terminal.print("\(id) may be recommended again")
      } else {
        failed = true
        Terminal.warn("\(id) was not forgotten; `headroom forget --list` prints those that were")
      }
    }
    if failed { throw ExitCode(1) }
  }
}

private enum LessonID {
  static func check(_ ids: [String]) throws {
    for id in ids where !LessonMemory.isID(id) { throw ValidationError("`\(id)` is not an id such as r-5f3a9c") }
  }
}
