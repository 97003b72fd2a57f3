/// A program that runs a command in a container: `docker exec -it api …`, `kubectl exec pod -- …`.
enum ContainerWrapper {
  private static let dockerValued: Set<String> = [
    "-e", "--env", "--env-file", "-u", "--user", "-w", "--workdir", "--detach-keys", "-f", "--file", "-p",
    "--project-name", "--profile", "--project-directory", "--context", "-c", "-H", "--host", "--index", "-v",
    "--volume", "--name", "--entrypoint", "--publish", "-l", "--label",
  ]
  private static let kubectlValued: Set<String> = [
    "-n", "--namespace", "--context", "--kubeconfig", "-c", "--container",
  ]

  /// The words of the command inside; nil when the words run none.
  static func read(
    _ name: String, _ words: ArraySlice<Word>, _ context: inout InvocationContext
  ) -> ArraySlice<Word>? {
    switch name {
    case "docker", "podman", "nerdctl": docker(name, words, &context)
    case "docker-compose", "podman-compose": compose(name, words.dropFirst(), &context)
    case "kubectl", "oc": kubectl(name, words, &context)
    default: nil
    }
  }

  private static func docker(
    _ name: String, _ words: ArraySlice<Word>, _ context: inout InvocationContext
  ) -> ArraySlice<Word>? {
    var reader = OptionReader(words: words.dropFirst(), valued: dockerValued)
    reader.skipAll()
    switch reader.words.popFirst()?.text {
    case "compose": return compose("\(name) compose", reader.words, &context)
    case "exec": return inside("\(name) exec", reader.words, dockerValued, &context)
    case "container" where reader.words.first?.text == "exec":
      return inside("\(name) exec", reader.words.dropFirst(), dockerValued, &context)
    default: return nil
    }
  }

  private static func compose(
    _ label: String, _ words: ArraySlice<Word>, _ context: inout InvocationContext
  ) -> ArraySlice<Word>? {
    var reader = OptionReader(words: words, valued: dockerValued)
    reader.skipAll()
    guard let verb = reader.words.popFirst()?.text, verb == "exec" || verb == "run" else { return nil }
    return inside("\(label) \(verb)", reader.words, dockerValued, &context)
  }

  private static func kubectl(
    _ name: String, _ words: ArraySlice<Word>, _ context: inout InvocationContext
  ) -> ArraySlice<Word>? {
    var reader = OptionReader(words: words.dropFirst(), valued: kubectlValued)
    reader.skipAll()
    guard reader.words.popFirst()?.text == "exec" else { return nil }
    return inside("\(name) exec", reader.words, kubectlValued, &context)
  }

  /// After the verb: options, the name of the container, more options, the command.
  private static func inside(
    _ label: String, _ words: ArraySlice<Word>, _ valued: Set<String>, _ context: inout InvocationContext
  ) -> ArraySlice<Word>? {
    var reader = OptionReader(words: words, valued: valued)
    var inner = context
    inner.environment = []
    inner.directory = nil
    func take() {
      while let option = reader.next() {
        guard let value = option.value else { continue }
        switch option.name {
        case "-e", "--env": inner.addEnvironment(String(value.prefix { $0 != "=" }))
        case "-w", "--workdir": inner.directory = value
        default: continue
        }
      }
    }
    take()
    guard let container = reader.words.popFirst()?.text else { return nil }
    take()
    guard !reader.words.isEmpty else { return nil }
    inner.wrappers.append("\(label) \(container)")
    context = inner
    return reader.words
  }
}
