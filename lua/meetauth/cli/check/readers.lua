--- Check of who can read key files: Prosody's user has to, which root, who runs this, does not notice; of secrets not
-- everybody may. A process of that user asks the kernel, which alone knows of links, access lists and all groups.

local entries = require "meetauth.cli.server.entries";
local files = require "meetauth.cli.io.files";
local keyfiles = require "meetauth.key.files";

local EVERYBODY = "--reuid=65534 --regid=65534 --clear-groups"; -- nobody, in no group

-- Of each word: whether the file can be read; a folder, which ends in a slash: passed.
local ASK = [[for at; do
	if case $at in */) test -x "$at";; *) test -r "$at";; esac; then echo yes; else echo no; fi
done]];

-- The lines that a program writes.
local function lines_of(command)
	local pipe <close> = assert(io.popen(command .. " 2>&1"));
	local lines = {};
	for line in pipe:lines() do lines[#lines + 1] = line; end
	return lines, pipe:close() == true;
end

-- The user that Prosody runs as, and the group; no group where there is no such user.
local function user_of(site)
	local user, group = tostring(site:global("prosody_user") or "prosody"), site:global("prosody_group");
	if not user:find("^[%w_][%w_.-]*$") then return user; end
	local names, is_there = lines_of("id -gn -- " .. user);
	return user, is_there and tostring(group or names[1]) or nil;
end

---@class KeyFile
---@field at string     as the entry has it
---@field id string     of the entry
---@field is_secret boolean
---@field path string   absolute

-- The key files that exist.
local function key_files(site, host)
	local list, here = {}, nil;
	for _, entry in ipairs(host.read and host.read.entries or {}) do
		for _, source in ipairs(entry.sources) do
			local path = keyfiles.is_file(source) and entries.place(site.args.config, source.at);
			if path and files.exists(path) then
				here = here or lines_of("pwd")[1];
				list[#list + 1] = { at = source.at, id = entry.id, is_secret = source.kind == "secret_file",
					path = path:find("^/") and path or here .. "/" .. path:gsub("^%./", "") };
			end
		end
	end
	return list;
end

-- The folders on the way to a file, and it.
local function way_to(path)
	local way = {};
	for at in path:gmatch("()/") do way[#way + 1] = path:sub(1, at); end
	way[#way + 1] = path;
	return way;
end

-- For each file the first on the way to it that is shut to whom setpriv's options make; nil and why it is not known.
local function find_shut(options, list)
	local words, ways = {}, {};
	for i, file in ipairs(list) do
		ways[i] = way_to(file.path);
		for _, at in ipairs(ways[i]) do words[#words + 1] = files.quoted(at); end
	end
	local said = lines_of(("cd / && setpriv %s sh -c %s sh %s"):format(options, files.quoted(ASK), table.concat(words, " ")));
	if #said ~= #words then return nil, said[1] or "no answer"; end
	local shut, n = {}, 0;
	for i, way in ipairs(ways) do
		for _, at in ipairs(way) do
			n = n + 1;
			if said[n] == "no" then shut[list[i]] = shut[list[i]] or at; end
		end
	end
	return shut;
end

-- A path for a person's shell.
local function word_of(path)
	return path:find("[^%w/._-]") and files.quoted(path) or path;
end

local function open_file(group, path)
	return ("run chgrp %s %s && chmod 640 %s"):format(group, word_of(path), word_of(path));
end

local function say_shut(file, shut, user, group, say)
	local found = ("%s: %s cannot read %s, so the module does not load"):format(file.id, user, file.at);
	local folder = shut:match("^(.+)/$");
	if not folder then return say("FAIL", found, open_file(group, file.path)); end
	local word = word_of(folder);
	say("FAIL", ("%s. The folder %s is closed"):format(found, folder),
		("move the file. Or, if only Prosody uses the folder, run chgrp %s %s && chmod g+x %s"):format(group, word, word));
end

local function check_readers(site, host, say)
	local list = key_files(site, host);
	if not list[1] then return; end
	local user, group = user_of(site);
	if not group then
		return say("skip", ("this machine has no user %s, and Prosody would read the key files as this user"):format(user),
			"set prosody_user to the user that runs Prosody, at the top");
	end
	if lines_of("id -u")[1] ~= "0" then
		return say("skip", ("only root can find out which files %s can read"):format(user), "run this command as root");
	end
	local shut, why = find_shut(("--reuid=%s --regid=%s --init-groups"):format(user, files.quoted(group)), list);
	local closed, also = find_shut(EVERYBODY, list);
	if not (shut and closed) then
		return say("skip", ("cannot find out which files %s can read: %s"):format(user, why or also));
	end
	local good = 0;
	for _, file in ipairs(list) do
		if shut[file] then
			say_shut(file, shut[file], user, group, say);
		elseif file.is_secret and not closed[file] then
			say("warn", ("%s: everybody on this machine can read %s"):format(file.id, file.at), open_file(group, file.path));
		else
			good = good + 1;
		end
	end
	if good > 0 then say("ok", ("%s can read %d key file%s"):format(user, good, good == 1 and "" or "s")); end
end

---@type CheckRow[]
return {
	{ name = "readers", of = "host", look = check_readers };
};
