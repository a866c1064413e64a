--- Check of the changes that the next upgrade of Jitsi's Debian packages would make in a host's file. Their scripts look
-- for lines of their own template. If these lines are missing, the scripts edit the file as if they were installed for
-- the first time.

local files = require "meetauth.cli.io.files";

-- The line by which jitsi-meet-tokens knows that it has edited a file; it counts in a comment, too.
local MARKER = '\n%s*authentication%s*=%s*"token" %-%- do not delete me';

-- The lines that jitsi-meet-tokens searches for where that line is missing, and its changes to them.
---@type { line: string, becomes: string }[]
local edits = {
	{ line = '\n%s*%-%-%s*"token_verification"', becomes = "token_verification is loaded again" };
	{ line = ' %-%-app_id="example_app_id"', becomes = "app_id of debconf is used again" };
	{ line = ' %-%-app_secret="example_app_secret"', becomes = "app_secret of debconf is used again" };
	{ line = 'authentication = "jitsi%-anonymous" %-%- do not delete me', becomes = 'guests log in with "token"' };
	{ line = "%-%-plugin_paths", becomes = "plugin_paths is set again" };
};

local function check_tokens(path, text, say)
	local found = {};
	for _, edit in ipairs(text:find(MARKER) and {} or edits) do
		if text:find(edit.line) then found[#found + 1] = edit.becomes; end
	end
	if not found[1] then return say("ok", ("an upgrade of jitsi-meet-tokens does not change %s"):format(path)); end
	say("note", ("an upgrade of jitsi-meet-tokens edits %s: %s"):format(path, table.concat(found, "; ")),
		'delete these lines. Or keep authentication = "token" -- do not delete me on its own line in a comment --[[ ]]');
end

-- jitsi-meet-prosody writes restrict_room_creation where neither of the two lines below the component's has it.
local function check_creation(site, host, path, text, say)
	local component = site.hosts["conference." .. host.name];
	if not component or component.own.restrict_room_creation ~= nil then return; end
	local from = text:find(('Component "%s" "muc"'):format(component.name), 1, true);
	if not from then return; end
	say("note", ("an upgrade of jitsi-meet-prosody adds restrict_room_creation = true to %s, "
		.. "so only admins can open rooms"):format(path),
		("write restrict_room_creation = false in the line below Component %q, if users with tokens open "
			.. "rooms"):format(component.name));
end

local function check_upgrades(site, host, say)
	local path = ("%sconf.avail/%s.cfg.lua"):format(site.args.config:match("^(.*/)") or "", host.name);
	local text = files.text(path);
	if not text then return; end
	check_tokens(path, "\n" .. text, say);
	check_creation(site, host, path, text, say);
end

---@type CheckRow[]
return {
	{ name = "upgrades", of = "host", look = check_upgrades };
};
