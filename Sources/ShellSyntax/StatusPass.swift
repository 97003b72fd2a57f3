/// Finds the pipelines whose status decides that of the whole line, reading from the end.
struct StatusPass {
  /// For one pipeline: does its last command decide, and do the commands before that?
  typealias Decision = (last: Bool, earlier: Bool)

  /// One list of commands: the line itself, or what a compound command holds.
  private struct Level {
    /// The status of the whole decides.
    let decides: Bool
    /// The and-or list that is being read does.
    var listDecides: Bool
    /// A `||` follows, whose other side can succeed.
    var isRescued = false
    var isPiped = false
    /// A command has been read, so that a `;` before it ends an earlier one.
    var hasCommand = false
    /// The part being read is a condition: `set -e` does not apply.
    var isCondition = false
    /// What stands right of the position fails in any case, as `exit 1` does.
    var failsAnyway = false
    /// The last command of the list does.
    var endFails = false

    init(decides: Bool) {
      self.decides = decides
      listDecides = decides
    }

    var isOpen: Bool { listDecides && !isRescued && !isPiped }
  }

  private var levels: [Level]
  private var result: [Decision] = []

  static func decidingPipelines(of line: CommandLine, _ options: ShellOptions) -> [Decision] {
    var pass = StatusPass()
    let each = ShellOptions.each(in: line, from: options)
    var number = each.count
    for item in line.items.reversed() {
      switch item {
      case .pipeline(let pipeline):
        number -= 1
        pass.note(pipeline, each[number])
      case .connector(let connector):
        pass.note(connector, number > 0 ? each[number - 1] : options)
      case .closing: pass.enter()
      case .opening(let opening): pass.note(opening)
      }
    }
    return pass.result.reversed()
  }

  private init() {
    levels = [Level(decides: true)]
  }

  private var top: Level {
    get { levels[levels.count - 1] }
    set { levels[levels.count - 1] = newValue }
  }

  private mutating func note(_ pipeline: Pipeline, _ options: ShellOptions) {
    let isOpen = top.isOpen
    result.append((last: isOpen && !pipeline.isNegated, earlier: isOpen && !pipeline.isNegated && options.pipefail))
    noteCommand(fails: pipeline.commands.count == 1 && Self.fails(pipeline.commands[0]))
  }

  private mutating func noteCommand(fails: Bool) {
    if !top.hasCommand { top.endFails = fails }
    top.hasCommand = true
    top.failsAnyway = fails
  }

  private mutating func note(_ connector: Connector, _ options: ShellOptions) {
    switch connector {
    case .pipe, .pipeBoth:
      top.isPiped = !options.pipefail
    case .and:
      top.isPiped = false
    case .or:
      top.isPiped = false
      top.isRescued = !top.failsAnyway
    case .background:
      top.isPiped = false
      top.isRescued = false
      top.listDecides = false
    case .semicolon, .newline, .none:
      guard top.hasCommand else { return }
      top.isPiped = false
      top.isRescued = false
      top.listDecides = top.decides && options.errexit && !top.isCondition
    case .armEnd, .armFallThrough, .armTestNext:
      beginBranch()
    }
  }

  private mutating func beginBranch() {
    let decides = top.decides
    top = Level(decides: decides)
  }

  private mutating func enter() {
    levels.append(Level(decides: top.isOpen))
  }

  private mutating func note(_ opening: Opening) {
    switch opening.kind {
    case .thenWord, .doWord:
      beginBranch()
      top.listDecides = false
      top.isCondition = true
    case .elseWord, .elifWord:
      beginBranch()
    case .pattern, .time, .function, .negation:
      return
    case .subshell, .group, .ifWord, .whileWord, .untilWord, .forHeader, .selectHeader, .caseHeader:
      guard levels.count > 1, let inner = levels.popLast() else { return }
      noteCommand(fails: inner.endFails)
    }
  }

  /// Ends the call with a failure, or is one.
  private static func fails(_ command: SimpleCommand) -> Bool {
    switch command.firstWord?.text {
    case "false": return true
    case "exit", "return":
      let words = command.words
      return words.count < 2 || words[1].text != "0"
    default: return false
    }
  }
}
