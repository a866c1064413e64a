-- audit: one line of JSON for each decision, in Prosody's log at its own level, "audit". One file can therefore have it,
-- and no other file has it. The audit says who came, and the ordinary log does not.

local configmanager = require "core.configmanager";
local log = require "util.logger".make_logger("meetauth_audit", "audit");
local time_now = require "util.time".now;

local line = require "meetauth.server.audit".line;

local audit = {};

local function names_level(levels)
	if type(levels) ~= "table" then return levels == "audit"; end
	for _, level in ipairs(levels) do
		if level == "audit" then return true; end
	end
	return false;
end

--- Whether Prosody's option log names a place for the lines.
function audit.has_place()
	local rules = configmanager.get("*", "log");
	for _, rule in ipairs(type(rules) == "table" and rules or {}) do
		if type(rule) == "table" and names_level(rule.levels) then return true; end
	end
	return false;
end

--- Write a decision down.
---@param decision Decision
function audit.tell(decision)
	local text = line(decision, time_now());
	local ok, problem = pcall(log, "%s", text);
	if ok then return; end -- else a place that does not take every level
	module:log("error", "A line of the audit is lost: %s", (tostring(problem):gsub("^.-:%d+: ", "")));
end

return audit;
