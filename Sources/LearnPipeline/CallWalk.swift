public import SessionModel
internal import SessionReaders

/// What is to be done with each call of the selected sessions.
public protocol CallWorker {
  mutating func take(_ call: ToolCall)
}

/// Shows every call of the selected sessions to a worker; a call that resumed sessions repeat is shown once.
public struct CallWalk: Sendable {
  private let world: World

  public init(world: World) { self.world = world }

  /// What was found, in which logs, and what could not be read of them.
  public struct Result<Worker: CallWorker> {
    public var worker: Worker
    public var survey: LogSurvey
    public var calls: Int
  }

  public func walk<Worker: CallWorker>(_ selection: Selection, with worker: Worker) -> Result<Worker> {
    var result = Result(worker: worker, survey: LogSurvey(files: 0), calls: 0)
    let paths = ProjectPath(world: world)
    var seen: Set<UInt64> = []
    for plugin in world.plugins(for: selection) {
      let found = selection.monitor.time(.discover) { plugin.discover(in: world.environment(for: selection)) }
      let files = found.files
      result.survey.files += files.count
      result.survey.issues += found.issues
      let wanted = files.filter { !(selection.mainOnly && $0.isSubagent) }
      selection.monitor?.expect(wanted)
      for file in wanted {
        defer { selection.monitor?.finished(file) }
        var sink = WalkSink()
        let summary: FileSummary
        do throws(ReadError) {
          summary = try selection.monitor.time(.read) { () throws(ReadError) in try plugin.read(file, into: &sink) }
        } catch {
          let place = LogLocation(file: file.path, line: 0)
          result.survey.issues.append(LogIssue(.unreadableFile, at: place, reason: error.reason))
          continue
        }
        guard isSelected(summary, file, selection, paths) else { continue }
        result.survey.issues += summary.issues
        selection.monitor?.add(calls: sink.calls.count)
        selection.monitor.time(.match) {
          for call in sink.calls where seen.insert(Digest(of: call.id).value).inserted {
            result.worker.take(call)
            result.calls += 1
          }
        }
      }
      withExtendedLifetime(found.copies) {}
    }
    return result
  }

  private func isSelected(_ summary: FileSummary, _ file: LogFile, _ selection: Selection, _ paths: ProjectPath) -> Bool
  {
    let session = summary.session
    guard selection.includes(file, session) else { return false }
    guard let wanted = selection.project else { return true }
    let folder = session.workingDirectory ?? file.projectHint ?? PathText.name(of: file.group)
    return paths.project(of: folder) == wanted
  }
}

private struct WalkSink: SessionSink {
  var calls: [ToolCall] = []

  mutating func accept(_ event: SessionEvent) {
    if case .call(let call) = event { calls.append(call) }
  }
}
