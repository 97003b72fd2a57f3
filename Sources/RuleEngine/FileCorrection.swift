internal import RulePack
internal import SessionModel
internal import ShellSyntax

/// Finds how a file was changed in the end after an edit of it was refused, or how one that was too large was read.
struct FileCorrection {
  private var tool: String
  private var path: String
  private var wasTooLarge: Bool
  /// The call that read the file since.
  private var read: String?

  init?(_ call: ToolCall, _ category: Category) {
    guard let path = call.input.path else { return nil }
    switch (category, call.tool) {
    case (.tooLarge, .read): wasTooLarge = true
    case (.staleFile, .edit), (.staleFile, .write), (.staleFile, .patch), (.editMismatch, .edit),
      (.editMismatch, .patch):
      wasTooLarge = false
    default: return nil
    }
    tool = call.toolName
    self.path = PathText.resolved(path, in: call.workingDirectory)
  }

  /// Looks at a call that succeeded.
  mutating func look(at call: ToolCall, _ line: CommandLine?) -> Correction? {
    if wasTooLarge { return part(in: call, line) }
    guard let given = call.input.path, PathText.resolved(given, in: call.workingDirectory) == path else { return nil }
    switch call.tool {
    case .read: read = call.id
    case .edit, .write, .patch:
      guard let read else { return nil }
      return Correction(kind: .call, from: tool, text: "Read", callID: read, confidence: 0.9)
    default: break
    }
    return nil
  }

  /// How a part of the file was read.
  private func part(in call: ToolCall, _ line: CommandLine?) -> Correction? {
    func correction(_ text: String, _ confidence: Double) -> Correction {
      Correction(kind: .call, from: tool, text: text, callID: call.id, confidence: confidence)
    }
    if let given = call.input.path, PathText.resolved(given, in: call.workingDirectory) == path {
      switch call.tool {
      case .read where call.input.range != nil: return correction("\(call.toolName) with offset and limit", 0.9)
      case .grep: return correction(call.toolName, 0.9)
      default: return nil
      }
    }
    let reader = line?.invocations.first { invocation in
      Self.partReaders.contains(invocation.program)
        && invocation.arguments.contains { PathText.resolved($0, in: call.workingDirectory) == path }
    }
    guard let reader else { return nil }
    let flag = reader.program == "sed" && reader.arguments.first == "-n" ? " -n" : ""
    return correction(reader.program + flag, 0.8)
  }

  private static let partReaders: Set<String> = ["sed", "head", "tail", "grep", "rg", "jq", "awk", "yq"]
}

extension FileCorrection: Stored {
  static var blank: FileCorrection { FileCorrection() }

  private init() { (tool, path, wasTooLarge) = ("", "", false) }

  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&tool)
    fields.visit(&path)
    fields.visit(&wasTooLarge)
    fields.visit(&read)
  }
}
