extension CommandLine {
  /// The line as text, with uniform spacing. Parsing it again gives an equal value.
  public var rendered: String {
    var renderer = Renderer()
    for item in items { renderer.append(item) }
    return renderer.finish()
  }
}

private struct Renderer {
  var text = ""
  /// Written at the next line end.
  var heredocs: [Redirection] = []
  /// Two parentheses in a row would be arithmetic, so a blank goes between them.
  var needsBlank = false

  mutating func append(_ item: Item) {
    switch item {
    case .connector(.newline): endLine()
    case .connector(let connector): append(connector)
    case .opening(let opening):
      separate()
      text += opening.text
    case .closing(let closing):
      separate()
      text += closing.kind.rawValue
      for redirection in closing.redirections { append(redirection) }
    case .pipeline(let pipeline): append(pipeline)
    }
  }

  mutating func finish() -> String {
    if heredocs.contains(where: { $0.body != nil }) { endLine() }
    return text
  }

  private mutating func separate() {
    if needsBlank { text += " " }
    needsBlank = true
  }

  private mutating func append(_ connector: Connector) {
    // `a;` reads better, but `; ;` must not become the end of a case arm.
    if connector == .semicolon, needsBlank, text.utf8.last != Byte.semicolon {
      text += ";"
    } else {
      separate()
      text += connector.rawValue
    }
  }

  private mutating func append(_ pipeline: Pipeline) {
    if pipeline.isNegated {
      separate()
      text += "!"
    }
    for (index, command) in pipeline.commands.enumerated() {
      if index > 0 { text += pipeline.pipesErrors[index - 1] ? " |&" : " |" }
      for part in command.parts {
        switch part {
        case .assignment(let assignment):
          separate()
          text += assignment.word.source
        case .word(let word):
          separate()
          text += word.source
        case .redirection(let redirection): append(redirection)
        }
      }
    }
  }

  private mutating func append(_ redirection: Redirection) {
    separate()
    text += redirection.descriptor ?? ""
    text += redirection.operator.rawValue
    let target = redirection.target.source
    if needsBlank(redirection, before: target.utf8.first) { text += " " }
    text += target
    if redirection.isHeredoc { heredocs.append(redirection) }
  }

  /// A file after a plain `>` reads better apart; and some first characters would change the operator.
  private func needsBlank(_ redirection: Redirection, before first: UInt8?) -> Bool {
    switch first {
    case nil: false
    case Byte.less, Byte.greater, Byte.openParen, Byte.dash, Byte.pipe, Byte.ampersand:
      redirection.operator != .duplicateOutput && redirection.operator != .duplicateInput
    default:
      redirection.descriptor == nil && (redirection.operator == .output || redirection.operator == .append)
    }
  }

  private mutating func endLine() {
    // After an escaped carriage return, the line end would be taken for a joined line.
    text += text.utf8.last == Byte.carriageReturn ? " \n" : "\n"
    for heredoc in heredocs {
      text += heredoc.body ?? ""
      if heredoc.isTerminated { text += "\(heredoc.target.text)\n" }
    }
    heredocs.removeAll()
    needsBlank = false
  }
}
