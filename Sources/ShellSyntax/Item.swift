/// A piece of a command line. The line is a flat list of them, so that no input makes the parser recurse.
enum Item: Hashable, Sendable {
  case opening(Opening)
  case closing(Closing)
  case connector(Connector)
  case pipeline(Pipeline)

  /// A connector or a closing word may follow.
  var endsCommand: Bool {
    switch self {
    case .pipeline, .closing: true
    case .opening, .connector: false
    }
  }
}

/// A word that begins a compound command, or one of its parts.
struct Opening: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case subshell, group, function, negation, time
    case ifWord, thenWord, elifWord, elseWord
    case whileWord, untilWord, doWord, forHeader, selectHeader
    case caseHeader, pattern
  }

  let kind: Kind
  /// The word itself, or the whole header: `for f in *.txt`, `case $1 in`, `start|stop)`, `name()`.
  let text: String

  /// The closing word that it asks for; nil for the inner parts of a compound command.
  var closing: Closing.Kind? {
    switch kind {
    case .subshell: .subshell
    case .group: .group
    case .ifWord: .fi
    case .whileWord, .untilWord, .forHeader, .selectHeader: .done
    case .caseHeader: .esac
    case .function, .negation, .time, .thenWord, .elifWord, .elseWord, .doWord, .pattern: nil
    }
  }
}

/// A word that ends a compound command, with the redirections of the whole.
struct Closing: Hashable, Sendable {
  enum Kind: String, Hashable, Sendable {
    case subshell = ")"
    case group = "}"
    case fi, done, esac
  }

  let kind: Kind
  var redirections: [Redirection]
}
