import LearnPipeline
import SessionModel

/// Prints what was learned of one project after the other: that of thousands need not be in memory at once.
struct LearnOutput {
  private let format: Learn.Format
  private let report: TextReport
  private let survey: LogSurvey
  private var ending = TextReport.Ending()
  private var isBegun = false

  init(_ format: Learn.Format, _ report: TextReport, _ survey: LogSurvey) {
    self.format = format
    self.report = report
    self.survey = survey
  }

  mutating func show(_ learning: ProjectLearning) throws {
    switch format {
    case .text: Terminal.print(report.text(of: learning, &ending), terminator: "")
    case .markdown:
      let text = MarkdownReport.text(of: [learning])
      if !text.isEmpty { show(text, after: "\n\n") }
    case .json:
      if !isBegun { Terminal.print(try frame().start, terminator: "") }
      show(try Terminal.json(LearnRecord.project(learning)), after: ",")
    }
  }

  private mutating func show(_ text: String, after separator: String) {
    Terminal.print((isBegun ? separator : "") + text, terminator: "")
    isBegun = true
  }

  /// What comes behind the last project.
  func end() throws {
    switch format {
    case .text: Terminal.print(report.text(of: ending), terminator: "")
    case .markdown: Terminal.print("")
    case .json:
      let frame = try frame()
      Terminal.print((isBegun ? "" : frame.start) + frame.end)
    }
  }

  /// A record of no projects, cut where they belong.
  private func frame() throws -> (start: String, end: String) {
    let text = try Terminal.json(LearnRecord([], survey))
    let projects = #""projects":["#
    guard let place = text.range(of: projects) else { return (text, "") }
    return (String(text[..<place.upperBound]), String(text[place.upperBound...]))
  }
}
