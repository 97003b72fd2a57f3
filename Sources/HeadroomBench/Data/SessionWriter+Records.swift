internal import TestSupport

/// What the log holds beside calls: what the model and the person say, progress, snapshots and notices.
extension SessionWriter {
  mutating func thinking() {
    let text = pools.prose.piece(Mix.thought.pick(&random), &random)
    let size = Mix.signature.pick(&random)
    assistant {
      $0.json.raw("{\"type\":\"thinking\",")
      $0.field("thinking", text)
      $0.json.raw(",\"signature\":\"")
      $0.base64(size)
      $0.json.raw("\"}")
    }
  }

  mutating func reply() {
    let text = pools.prose.piece(Mix.reply.pick(&random), &random)
    assistant {
      $0.json.raw("{\"type\":\"text\",")
      $0.field("text", text)
      $0.json.raw("}")
    }
  }

  mutating func prompt() {
    let text = pools.prose.piece(Mix.prompt.pick(&random), &random)
    record {
      $0.json.raw("\"type\":\"user\",\"message\":{\"role\":\"user\",")
      $0.field("content", text)
      $0.json.raw("}")
    }
  }

  mutating func pastedImage() {
    let size = Mix.image.pick(&random)
    record {
      $0.json.raw(
        "\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"this is how it looks\"},"
      )
      $0.image(size)
      $0.json.raw("]}")
    }
  }

  mutating func shellProgress(_ id: String, _ second: Int) {
    let output = pools.build.piece(Mix.shellProgressOutput.pick(&random), &random)
    record {
      $0.json.raw("\"type\":\"progress\",\"data\":{\"type\":\"bash_progress\",\"output\":\"\",")
      $0.field("fullOutput", output)
      $0.json.raw(
        ",\"elapsedTimeSeconds\":\(second),\"totalLines\":4,\"timeoutMs\":120000},\"toolUseID\":\"bash-progress-\(second)\",\"parentToolUseID\":\"\(id)\""
      )
    }
  }

  mutating func hookProgress(_ id: String, _ name: String) {
    guard random.chance(Mix.hookProgress) else { return }
    record {
      $0.json.raw(
        "\"type\":\"progress\",\"data\":{\"type\":\"hook_progress\",\"hookEvent\":\"\(name.prefix { $0 != ":" })\",\"hookName\":\"\(name)\",\"command\":\"$CLAUDE_PROJECT_DIR/.claude/hooks/format.sh\"},\"parentToolUseID\":\"\(id)\",\"toolUseID\":\"\(id)\""
      )
    }
  }

  /// What a subagent does, as the session that started it repeats it: its calls are no calls of this session.
  mutating func agentProgress(_ id: String, _ agent: String, _ prompt: ArraySlice<UInt8>, _ turn: Int) {
    let output = pools.file(&random).piece(Mix.agentProgress.pick(&random), &random)
    let inner = "toolu_01" + token(22)
    record {
      $0.json.raw("\"type\":\"progress\",\"data\":{\"message\":{\"type\":\"")
      if turn % 2 == 0 {
        $0.json.raw(
          "assistant\",\"message\":{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"\(inner)\",\"name\":\"Write\",\"input\":{"
        )
        $0.field("content", output)
        $0.json.raw("}}]}")
      } else {
        $0.json.raw(
          "user\",\"message\":{\"role\":\"user\",\"content\":[{\"tool_use_id\":\"\(inner)\",\"type\":\"tool_result\",")
        $0.field("content", output)
        $0.json.raw("}]}")
      }
      $0.json.raw("},\"normalizedMessages\":[],\"type\":\"agent_progress\",\"prompt\":")
      if turn == 0 { $0.quoted(prompt) } else { $0.json.raw("\"\"") }
      $0.json.raw(",\"agentId\":\"\(agent)\"},\"toolUseID\":\"agent_\($0.message)\",\"parentToolUseID\":\"\(id)\"")
    }
  }

  mutating func snapshot() {
    let id = uuid()
    bare {
      $0.json.raw(
        "{\"type\":\"file-history-snapshot\",\"messageId\":\"\(id)\",\"snapshot\":{\"messageId\":\"\(id)\",\"trackedFileBackups\":{"
      )
      for index in 0..<Int.random(in: 0...9, using: &$0.random) {
        if index > 0 { $0.json.raw(",") }
        $0.json.raw(
          "\"\(Lines.path(&$0.random))\":{\"backupFileName\":\"\($0.token(16))@v1\",\"version\":1,\"backupTime\":\"\($0.stamp())\"}"
        )
      }
      $0.json.raw("},\"timestamp\":\"\($0.stamp())\"},\"isSnapshotUpdate\":false}")
    }
  }

  mutating func queueOperation() {
    let text = pools.prose.piece(Mix.prompt.pick(&random), &random)
    bare {
      $0.json.raw(
        "{\"type\":\"queue-operation\",\"operation\":\"enqueue\",\"timestamp\":\"\($0.stamp())\",\"sessionId\":\"\($0.plan.sessionID)\","
      )
      $0.field("content", text)
      $0.json.raw("}")
    }
  }

  mutating func hookAttachment() {
    record {
      $0.json.raw(
        "\"attachment\":{\"type\":\"hook_success\",\"hookName\":\"PostToolUse\",\"toolUseID\":\"toolu_01\($0.token(22))\",\"hookEvent\":\"PostToolUse\",\"content\":\"\",\"stdout\":\""
      )
      $0.json.raw($0.pools.build.piece(300, &$0.random))
      $0.json.raw(
        "\",\"stderr\":\"\",\"exitCode\":0,\"command\":\"$CLAUDE_PROJECT_DIR/.claude/hooks/format.sh\",\"durationMs\":211},\"type\":\"attachment\""
      )
    }
  }

  mutating func otherAttachment() {
    let text = pools.prose.piece(Mix.prompt.pick(&random), &random)
    record {
      $0.json.raw("\"attachment\":{\"type\":\"task_reminder\",")
      $0.field("content", text)
      $0.json.raw(",\"itemCount\":0},\"type\":\"attachment\"")
    }
  }

  mutating func hookSummary() {
    record {
      $0.json.raw(
        "\"type\":\"system\",\"subtype\":\"stop_hook_summary\",\"hookCount\":1,\"hookInfos\":[{\"command\":\"entire stop\"}],\"hookErrors\":[],\"preventedContinuation\":false,\"stopReason\":\"\",\"hasOutput\":false,\"level\":\"suggestion\""
      )
    } tail: {
      $0.json.raw(",\"toolUseID\":\"\($0.uuid())\"")
    }
  }

  mutating func shortRecord() {
    let kinds = [
      "mode\",\"mode\":\"normal", "permission-mode\",\"permissionMode\":\"acceptEdits",
      "custom-title\",\"customTitle\":\"Work",
    ]
    let kind = random.pick(kinds)
    bare { $0.json.raw("{\"type\":\"\(kind)\",\"sessionId\":\"\($0.plan.sessionID)\"}") }
  }
}
