extension Parser {
  /// Puts pipes together and says whether all was understood.
  mutating func finish() -> (items: [Item], isComplete: Bool) {
    if !pendingHeredocs.isEmpty || !open.isEmpty { scanner.isComplete = false }
    var items = joinPipelines()
    while case .connector(.newline)? = items.last { items.removeLast() }
    if !bodies.isEmpty { placeBodies(in: &items) }
    return (items, scanner.isComplete && Self.isWellFormed(items))
  }

  private func joinPipelines() -> [Item] {
    var items: [Item] = []
    var index = 0
    while index < pieces.count {
      switch pieces[index] {
      case .item(let item):
        items.append(item)
        index += 1
      case .command(let command):
        var commands = [command]
        var pipesErrors: [Bool] = []
        index += 1
        while index + 1 < pieces.count, case .item(.connector(let pipe)) = pieces[index], pipe.isPipe,
          case .command(let next) = pieces[index + 1]
        {
          commands.append(next)
          pipesErrors.append(pipe == .pipeBoth)
          index += 2
        }
        let isNegated = Self.takeNegation(from: &items)
        items.append(
          .pipeline(
            Pipeline(
              connector: Self.connector(before: items), isNegated: isNegated, commands: commands,
              pipesErrors: pipesErrors)))
      }
    }
    return items
  }

  private static func takeNegation(from items: inout [Item]) -> Bool {
    guard case .opening(let opening)? = items.last, opening.kind == .negation else { return false }
    items.removeLast()
    return true
  }

  private static func connector(before items: [Item]) -> Connector {
    if case .connector(let connector)? = items.last { connector } else { .none }
  }

  /// Gives the heredocs their bodies, which were read in the order of the operators.
  private func placeBodies(in items: inout [Item]) {
    var rest = bodies[...]
    func place(_ redirection: inout Redirection) {
      guard redirection.isHeredoc, !redirection.target.source.isEmpty, let next = rest.popFirst() else { return }
      redirection.body = next.body
      redirection.isTerminated = next.isTerminated
    }
    for index in items.indices {
      switch items[index] {
      case .closing(var closing):
        for number in closing.redirections.indices { place(&closing.redirections[number]) }
        items[index] = .closing(closing)
      case .pipeline(var pipeline):
        for command in pipeline.commands.indices {
          for part in pipeline.commands[command].parts.indices {
            guard case .redirection(var redirection) = pipeline.commands[command].parts[part] else { continue }
            place(&redirection)
            pipeline.commands[command].parts[part] = .redirection(redirection)
          }
        }
        items[index] = .pipeline(pipeline)
      case .opening, .connector: break
      }
    }
  }

  /// Connectors have commands on their sides, and commands have connectors between them.
  private static func isWellFormed(_ items: [Item]) -> Bool {
    var previous: Item?
    for item in items {
      let follows = previous?.endsCommand == true
      switch item {
      case .connector(let connector):
        if !follows && !(connector.endsArm && previous.map(Self.isPattern) == true) { return false }
      case .pipeline, .opening:
        if follows { return false }
      case .closing(let closing):
        if case .connector(let connector)? = previous, connector.isBinary { return false }
        if !follows, case .opening? = previous, closing.kind != .esac { return false }
      }
      previous = item
    }
    if case .connector(let connector)? = previous { return !connector.isBinary }
    if case .opening? = previous { return false }
    return true
  }

  private static func isPattern(_ item: Item) -> Bool {
    if case .opening(let opening) = item { opening.kind == .pattern } else { false }
  }
}
