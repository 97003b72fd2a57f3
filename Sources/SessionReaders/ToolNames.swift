internal import SessionModel

/// What the tools of all agents do, by their names.
/// Source: the agents' own sources and logs, as collected in the fact sheet of their formats.
enum ToolNames {
  static func kind(of name: String) -> ToolKind {
    if let kind = kinds[name] { return kind }
    return name.hasPrefix("mcp__") || name.hasPrefix("mcp_") ? .mcp : .other
  }

  private static let kinds: [String: ToolKind] = {
    let names: [ToolKind: String] = [
      .shell: """
      Bash PowerShell bash powershell shell Shell shell_command exec_command write_stdin local_shell exec \
      run_shell_command run_terminal_cmd execute_command run_commands Execute terminal execute_bash \
      developer__shell mcp__acp__Bash local_shell_call
      """,
      .read: "Read read read_file read_files ReadFile view View view_file cat read_many_files",
      .edit: """
      Edit edit MultiEdit multiedit StrReplace StrReplaceFile str_replace str_replace_based_edit_tool \
      str_replace_editor replace search_replace edit_file editor apply_diff replace_in_file NotebookEdit
      """,
      .patch: "apply_patch",
      .write: "Write write write_file WriteFile write_to_file create create_file Create",
      .grep: "Grep grep grep_search search_file_content rg multi_grep search_files codebase_search search_codebase",
      .glob: "Glob glob find file_search",
      .list: "list_files list_directory LS ls list",
      .web: "WebFetch web_fetch webfetch FetchURL fetch WebSearch google_web_search websearch",
      .subagent: "Task Agent task new_task spawn_agent subagent",
    ]
    var kinds: [String: ToolKind] = [:]
    for (kind, list) in names {
      for name in list.split(separator: " ") { kinds[String(name)] = kind }
    }
    return kinds
  }()
}
