std = "lua54"
max_line_length = 130
files["spec"] = { std = "+busted" }
files["lua/mod_*"] = { globals = { "module", "observe_report" }, read_globals = { "prosody" } }
files["spec/prosody/modules"] = { std = "lua54", globals = { "module" }, read_globals = { "prosody" } }
files["spec/prosody/support/plugins"] = { std = "lua54", globals = { "module" }, read_globals = { "prosody" } }

exclude_files = { "**/*.cfg.lua", "**/node_modules/**" } -- Prosody reads its configurations itself
