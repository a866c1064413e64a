--- Checks of what is installed: the core in the Lua that Prosody runs, and the modules where Prosody looks for them.

local files = require "meetauth.cli.io.files";
local meetauth = require "meetauth";

local DATA = "/var/lib/prosody"; -- Debian's

-- The words of the first line of Prosody's executable, which say what runs it.
local function interpreter_of(sources)
	local place = sources:match("^(.*)/lib/prosody/?$");
	local path = place and place .. "/bin/prosody";
	local file <close> = path and io.open(path, "rb");
	local line = file and (file:read("l") or ""):match("^#!%s*(.-)%s*$");
	if not line then return nil, path; end
	local words = {};
	for word in line:gmatch("%S+") do words[#words + 1] = files.quoted(word); end
	return table.concat(words, " "), path, line;
end

local function installer_of(site)
	local data = tostring(site:global("data_path") or DATA);
	local folder = tostring(site:global("installer_plugin_path") or "custom_plugins");
	return folder:find("^/") and folder or data .. "/" .. folder;
end

-- Where Prosody looks for modules, in its order.
local function folders_of(site)
	local folders = { installer_of(site) };
	local beside = site.args.config:match("^(.*/)") or "./";
	local paths = site:global("plugin_paths");
	for _, path in ipairs(type(paths) == "table" and paths or {}) do
		path = tostring(path):gsub("/+$", "");
		folders[#folders + 1] = path:find("^/") and path or beside .. path;
	end
	folders[#folders + 1] = site.config.sources .. "/modules";
	return folders;
end

-- Where a module is; what is in the first of these places counts.
local function places_of(folders, name)
	local found = {};
	for _, folder in ipairs(folders) do
		for _, place in ipairs({ folder .. "/" .. name, folder }) do
			if files.exists(("%s/%s.lua"):format(place, name)) then found[#found + 1] = place; end
		end
	end
	return found;
end

-- The prefix that the modules were installed under, which is where they look for library and core first.
local function prefix_of(site)
	local place = places_of(folders_of(site), "mod_auth_meetauth")[1];
	return place and place:match("^(.*)/share/lua/5%.4/mod_auth_meetauth$");
end

-- The answer of probe.lua: name -> { ok, text }.
local function probe(site, interpreter)
	local prefix = prefix_of(site);
	local line = ("%s %s %s %s %s 2>&1"):format(interpreter,
		files.quoted(package.searchpath("meetauth.cli.check.probe", package.path)),
		files.quoted(site.config.sources), files.quoted(installer_of(site)), prefix and files.quoted(prefix) or "");
	local said, rest = {}, {};
	local pipe <close> = assert(io.popen(line));
	for answer in pipe:lines() do
		local name, word, text = answer:match("^(%l+) (%l+) (.*)$");
		if word == "yes" or word == "no" then
			said[name] = { ok = word == "yes", text = text };
		else
			rest[#rest + 1] = answer;
		end
	end
	return said, table.concat(rest, " ");
end

local function first_sentence(text)
	return (text:gsub(":? no f%a+ .*$", ""):sub(1, 200));
end

local function check_core(site, _, say)
	local interpreter, path, line = interpreter_of(site.config.sources);
	if not interpreter then
		return say("skip", ("cannot find out which Lua runs Prosody, because there is no executable %s")
			:format(path or "beside its sources"));
	end
	local said, rest = probe(site, interpreter);
	if not said.lua then
		return say("FAIL", ("%s says that %s runs it, but this Lua does not start: %s"):format(path, line, rest), "install that Lua");
	end
	local by = ("Lua %s of %s"):format(said.lua.text, path);
	if not said.core.ok then
		return say("FAIL", ("%s does not load the core: %s"):format(by, first_sentence(said.core.text)),
			said.lua.text == "5.4" and "install it into a folder that this Lua searches, or set LUA_CPATH_5_4 for Prosody"
				or "make Prosody run Lua 5.4: update-alternatives --config lua-interpreter");
	end
	if said.engine and not said.engine.ok then
		return say("FAIL", ("OpenSSL %s in %s cannot do %s"):format(said.openssl.text, by, said.engine.text),
			"read the file that OPENSSL_CONF names, or openssl.cnf, to see which providers it activates");
	end
	if not said.library.ok then
		return say("FAIL", ("%s does not load the library: %s"):format(by, first_sentence(said.library.text)),
			"install the library and the core of one version");
	end
	if said.library.text ~= meetauth._VERSION then
		return say("FAIL", ("version %s for Prosody, version %s of this command"):format(said.library.text, meetauth._VERSION),
			"remove the older version");
	end
	say("ok", ("version %s on OpenSSL %s loads in %s"):format(said.core.text, said.openssl.text, by));
end

-- Modules ---------------------------------------------------------------------

-- The files of a module with their contents; nil and the name of a missing file.
local function texts_of(folder, name)
	local main = files.text(("%s/%s.lua"):format(folder, name));
	local texts, queue, seen = {}, { main }, {};
	while queue[1] do
		local text = table.remove(queue);
		texts[#texts + 1] = text;
		for part in text:gmatch("module:require \"([%w_]+)\"") do
			if not seen[part] then
				seen[part] = true;
				local lib = files.text(("%s/%s.lib.lua"):format(folder, part));
				if not lib then return nil, part .. ".lib.lua"; end
				queue[#queue + 1] = lib;
			end
		end
	end
	return texts;
end

-- A part of the library that a module needs and that is missing: module and library are of two versions.
local function missing_part(texts, prefix)
	local path, cpath = package.path, package.cpath;
	if prefix then
		path = ("%s/share/lua/5.4/?.lua;%s/share/lua/5.4/?/init.lua;%s"):format(prefix, prefix, path);
		cpath = ("%s/lib/lua/5.4/?.so;%s"):format(prefix, cpath);
	end
	for _, text in ipairs(texts) do
		for part in text:gmatch("require \"(meetauth[%w_.]*)\"") do
			if not package.searchpath(part, path) and not package.searchpath(part, cpath) then return part; end
		end
	end
	return nil;
end

local function check_module(name, found, prefix, say)
	local texts, lacking = texts_of(found[1], name);
	lacking = lacking or missing_part(texts, prefix);
	if lacking then
		return say("FAIL", ("%s in %s needs %s, which is missing"):format(name, found[1], lacking),
			"install the modules and the library of one version");
	end
	if found[2] then
		return say("warn", ("%s is in %s, which Prosody uses, and in %s"):format(name, found[1], found[2]), "remove the older version");
	end
	say("ok", ("%s in %s fits the library"):format(name, found[1]));
end

local function check_modules(site, _, say)
	local folders, missing = folders_of(site), {};
	for _, name in ipairs({ "mod_auth_meetauth", "mod_muc_meetauth", "mod_shell_meetauth" }) do
		local found = places_of(folders, name);
		if found[1] then check_module(name, found, prefix_of(site), say); else missing[#missing + 1] = name; end
	end
	if not missing[1] then return; end
	say("FAIL", ("Prosody cannot find %s (it searches %s)"):format(table.concat(missing, ", "), table.concat(folders, ", ")),
		"add their folder to plugin_paths, at the top of the configuration");
end

---@type CheckRow[]
return {
	{ name = "core", of = "server", look = check_core };
	{ name = "modules", of = "server", look = check_modules };
};
