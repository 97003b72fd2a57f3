internal import Yams

/// Reads packs from YAML and says everything that is wrong with them.
public struct PackReader {
  public private(set) var layer = RuleLayer()
  public private(set) var faults: [RuleFault] = []
  /// Empty when they are not noted.
  public private(set) var places = RulePlaces()
  private let notesPlaces: Bool
  /// Where each rule is defined.
  private var sources: [String: RuleSource] = [:]

  /// The rules of the files themselves.
  public var rules: [Rule] { layer.rules }

  /// - Parameter notesPlaces: Whether to note where the parts of rules stand, for faults that are found later.
  public init(notesPlaces: Bool = false) { self.notesPlaces = notesPlaces }

  /// The name that a pack gives itself, as far as the file can be read.
  public static func packName(of text: String) -> String? {
    (try? Yams.compose(yaml: text))?.flatMap { $0.mapping?["pack"]?.string }
  }

  /// Reads one pack; its rules and faults are added to those of the files before.
  /// - Parameter file: The name to use in messages.
  public mutating func read(_ text: String, file: String) {
    var reader = PackFileReader(text: text, file: file, notesPlaces: notesPlaces)
    reader.read()
    faults += reader.nodes.faults
    places.merge(reader.places)
    layer.overrides += reader.layer.overrides
    layer.disabled += reader.layer.disabled
    for rule in reader.layer.rules {
      if let first = sources[rule.id] {
        let message =
          "rule `\(rule.id)` is defined already at \(first.file):\(first.line); give one of them another id"
        faults.append(RuleFault(message, at: rule.source, excerpt: reader.nodes.excerpt(of: rule.source.line)))
      } else {
        sources[rule.id] = rule.source
        layer.rules.append(rule)
      }
    }
    faults.sort {
      ($0.source.file, $0.source.line, $0.source.column) < ($1.source.file, $1.source.line, $1.source.column)
    }
  }
}

/// Where the parts of rules stand in their files: kept while files are checked, not in the rules.
public struct RulePlaces: Sendable {
  private var places: [String: (source: RuleSource, excerpt: String?)] = [:]

  public init() {}

  mutating func merge(_ other: RulePlaces) { places.merge(other.places) { first, _ in first } }

  mutating func note(_ key: String, of rule: String, _ source: RuleSource, _ excerpt: String?) {
    places["\(rule) \(key)"] = (source, excerpt)
  }

  /// A fault at a part of a rule, such as `learn.section` or `when.output.0`; at the rule where that is not known.
  public func fault(_ message: String, at key: String, of rule: Rule, severity: RuleFault.Severity) -> RuleFault {
    let place = places["\(rule.id) \(key)"] ?? places["\(rule.id) id"]
    return RuleFault(message, at: place?.source ?? rule.source, excerpt: place?.excerpt, severity: severity)
  }
}

/// One file: turns nodes into rules.
struct PackFileReader {
  var nodes: NodeReader
  var layer = RuleLayer()
  var places = RulePlaces()
  let notesPlaces: Bool
  private let text: String

  init(text: String, file: String, notesPlaces: Bool) {
    self.text = text
    self.notesPlaces = notesPlaces
    nodes = NodeReader(text: text, file: file)
  }

  mutating func read() {
    guard let root = nodes.root(of: text, empty: "the file is empty; a pack starts with `pack: NAME`") else { return }
    guard let pack = nodes.fields(of: root, as: RuleLanguage.pack), let name = pack.text("pack") else { return }
    nodes.readNamed(pack["patterns"])
    for node in pack.items("rules") { readRule(node, pack: name) }
    for node in pack.items("override") { readOverride(node) }
    for node in pack.items("disable") {
      guard let id = node.scalar?.string else { continue }
      let source = nodes.source(of: node)
      layer.disabled.append(.init(id: id, source: source, excerpt: nodes.excerpt(of: source.line)))
    }
  }

  private mutating func readOverride(_ node: Node) {
    guard let fields = nodes.fields(of: node, as: RuleLanguage.override), let id = fields.text("id") else { return }
    let source = nodes.source(of: node)
    var change = RuleOverride(id: id, source: source, excerpt: nodes.excerpt(of: source.line))
    if let category = fields.text("category") { change.category = .some(Category(rawValue: category)) }
    change.rank = fields.number("rank")
    change.masked = fields.word("masked")
    change.why = fields.text("why")
    if let learn = fields["learn"] {
      if learn.scalar?.string == "none" {
        change.learn = RuleOverride.LessonChange.none
      } else if let keys = nodes.fields(of: learn, as: RuleLanguage.change) {
        change.learn = .change(
          RuleOverride.Fields(
            key: keys["key"] == nil ? nil : keys.texts("key"), section: keys.text("section"), target: Self.target(keys),
            times: keys.number("times"), sessions: keys.number("sessions"), fixed: keys.text("fixed"),
            otherwise: keys.text("otherwise"), sameAs: keys.text("same_as"), until: keys.word("until")))
      }
    }
    layer.overrides.append(change)
  }

  static func target(_ keys: NodeReader.Fields) -> Lesson.Target? {
    keys.text("target").map { $0 == "memory" ? .memoryFile : .contextFile }
  }
}
