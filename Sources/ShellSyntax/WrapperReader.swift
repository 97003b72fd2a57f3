/// Takes the wrappers off a command.
enum WrapperReader {
  /// What a command runs in the end.
  enum Target {
    case program(ArraySlice<Word>)
    /// Text for another shell.
    case script(String)
  }

  static func unwrap(_ words: ArraySlice<Word>, _ context: inout InvocationContext) -> Target {
    var words = words
    while let first = words.first, context.wrappers.count < InvocationContext.maximumWrappers {
      let name = programName(first)
      if let wrapper = PrefixWrapper.table[name] {
        guard let rest = wrapper.rest(of: words, &context) else { break }
        context.wrappers.append(name)
        // What `xargs` runs reads arguments, not the pipe.
        if name == "xargs" { context.role = .producer }
        words = rest
      } else if context.depth < InvocationContext.maximumDepth, let shell = ShellWrapper.read(name, words, &context) {
        return .script(shell)
      } else if let rest = ContainerWrapper.read(name, words, &context) {
        words = rest
      } else {
        break
      }
    }
    return .program(words)
  }
}
