std = "lua54"
max_line_length = 130
files["spec"] = { std = "+busted" }
files["lua/mod_*"] = { globals = { "module" }, read_globals = { "prosody" } }
files["**/*.cfg.lua"] = { allow_defined_top = true, std = "max" }
exclude_files = { "**/node_modules/**" }
