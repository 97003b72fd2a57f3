internal import MarkerBlock

/// What this tool has written into one context file, and what its owner took out of it again.
struct FileLedger: Codable, Hashable, Sendable {
  /// One line of the block.
  struct Line: Codable, Hashable, Sendable {
    /// The lesson that the line tells; nil when that is not known, such as for lines of the seed tool.
    var id: String?
    var text: String
  }

  /// The file, without links.
  var path: String
  /// The day that the block had after the last write.
  var date: String?
  /// The lines that the last write left.
  var lines: [Line] = []
  /// The lines before it, for when the write is taken back.
  var previous: [Line] = []
  /// Lessons whose line a person deleted or reworded.
  var removed: [Line] = []
  /// The lines of a write that has begun; nil when the last one came to its end. A run that is killed leaves it, and the
  /// file with either lines.
  var pending: [Line]?

  init(path: String) { self.path = path }

  /// The lines that may stand in the file and are ours; nil when nothing was ever written for certain.
  var texts: Set<String>? {
    guard let pending else { return Set(lines.map(\.text)) }
    if lines.isEmpty, previous.isEmpty { return nil }
    return Set((lines + pending + previous).map(\.text))
  }

  /// Counts the lines as removed by a person that have vanished from the block since we wrote it.
  ///
  /// Where a write was cut short, nothing counts as removed: what stands there tells how far it came.
  /// Only lines of a block that still has our day: without a block, or with another day in it, it is another version
  /// of the file, as after `git checkout`, and says nothing of any line.
  mutating func notice(_ document: BlockDocument) {
    let standing = Set(document.sections.flatMap(\.lines).map { FileLedger.key($0) })
    if let pending {
      var seen: Set<String> = []
      lines = (lines + pending + previous).filter {
        standing.contains(FileLedger.key($0.text)) && seen.insert($0.text).inserted
      }
      self.pending = nil
      self.date = document.date?.text
      return
    }
    guard let date, document.date?.text == date else { return }
    let vanished = lines.filter { !standing.contains(FileLedger.key($0.text)) }
    guard !vanished.isEmpty else { return }
    lines.removeAll { vanished.contains($0) }
    removed += vanished.filter { $0.text.hasPrefix("- ") && !removed.contains($0) }
  }

  /// The line that a person took out for this lesson, by its id or by its wording.
  func removal(of id: String, text: String) -> Line? {
    removed.first { $0.id == id || $0.text == "- " + text }
  }

  /// After a write: what stands there that is ours.
  /// - Parameter ids: The lessons of each line: a refined line may tell several.
  mutating func record(_ written: Set<String>, ids: [String: [String]], date: String?) {
    var known: [String: [String]] = [:]
    for generation in [previous, lines] {
      for (text, group) in Dictionary(grouping: generation, by: \.text) {
        let ids = group.compactMap(\.id)
        if !ids.isEmpty { known[text] = ids }
      }
    }
    let now = written.sorted().flatMap { text in
      (ids[text] ?? known[text]).map { $0.map { Line(id: $0, text: text) } } ?? [Line(id: nil, text: text)]
    }
    if now != lines { previous = lines }
    lines = now
    self.date = date
    pending = nil
  }

  /// After a write was taken back: what stands there now that was ours before.
  mutating func takeBack(_ document: BlockDocument?) {
    let standing = Set(document?.sections.flatMap(\.lines) ?? [])
    var seen: Set<Line> = []
    lines = (lines + previous).filter { standing.contains($0.text) && seen.insert($0).inserted }
    previous = []
    pending = nil
    date = document?.date?.text
  }

  /// Editors take spaces off the ends of lines; that removes no lesson.
  private static func key(_ line: String) -> String {
    var line = line[...]
    while line.last == " " || line.last == "\t" { line.removeLast() }
    return String(line)
  }
}
