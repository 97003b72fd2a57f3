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

  /// What is printed of one project, wherever it stands; empty for nothing.
  func text(of learning: ProjectLearning) throws -> String {
    switch format {
    case .text: report.text(of: learning)
    case .markdown: MarkdownReport.text(of: [learning])
    case .json: try Terminal.json(LearnRecord.project(learning))
    }
  }

  /// - Parameter text: What `text(of:)` made of it.
  mutating func show(_ learning: ProjectLearning, _ text: String) throws {
    ending.add(learning)
    if text.isEmpty { return }
    let lead = isBegun ? separator : format == .json ? try frame().start : ""
    Terminal.print(lead + text, terminator: "")
    isBegun = true
  }

  private var separator: String {
    switch format {
    case .text: TextReport.separator
    case .markdown: "\n\n"
    case .json: ","
    }
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
