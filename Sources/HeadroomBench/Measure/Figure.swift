internal import Foundation

/// One line of the table.
struct Figure {
  var name: String
  var text: String
  var target = ""
  /// nil where there is no target, or nothing to hold against it.
  var isMet: Bool?

  /// A ratio, with the most or the least that is wanted.
  static func ratio(_ name: String, _ ratio: Double?, most: Double? = nil, least: Double? = nil) -> Self {
    var figure = Self(name: name, text: ratio.map { times($0) } ?? "—")
    if let most {
      figure.target = "at most " + times(most)
      figure.isMet = ratio.map { $0 <= most }
    } else if let least {
      figure.target = "at least " + times(least)
      figure.isMet = ratio.map { $0 >= least }
    }
    return figure
  }

  static func missing(_ name: String, _ why: String, target: String = "") -> Self {
    Self(name: name, text: "— (\(why))", target: target)
  }

  static func times(_ ratio: Double) -> String { number(ratio) + "×" }

  /// Three digits that count.
  static func number(_ value: Double) -> String {
    if value == value.rounded(), value < 1_000_000 { return String(Int(value)) }
    let digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 3
    return String(format: "%.\(digits)f", value)
  }

  static func seconds(_ value: Double?) -> String {
    guard let value else { return "—" }
    return value < 1 ? number((value * 10_000).rounded() / 10) + " ms" : number(value) + " s"
  }

  static func megabytes(_ bytes: Int) -> String { number((Double(bytes) / 104_857.6).rounded() / 10) + " MiB" }

  static func table(_ figures: [Self]) -> String {
    var lines = ["| measured | figure | target | met |", "|---|---|---|---|"]
    for figure in figures {
      let met = figure.isMet.map { $0 ? "yes" : "no" } ?? ""
      lines.append("| \(figure.name) | \(figure.text) | \(figure.target) | \(met) |")
    }
    return lines.joined(separator: "\n")
  }
}
