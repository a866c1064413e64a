--- Daily's recording modes (claim er): which of them a server can start.

local dailyjson = require "meetauth.dialect.daily.json";

local dailyrecording = {};

-- The old names rtp-tracks and output-byte-stream are still met.
local server_modes = { cloud = true, ["cloud-audio-only"] = true, ["raw-tracks"] = true, ["rtp-tracks"] = true };
local other_modes = { ["local"] = true, ["output-byte-stream"] = true };

---@class DailyRecording
---@field server boolean    some mode that the server records in
---@field cloud boolean     the mode that sr starts
---@field browser boolean   a mode that is the browser's own business

---@param mode string
---@return boolean
function dailyrecording.is_mode(mode)
	return server_modes[mode] or other_modes[mode] or false;
end

--- The modes of a list.
---@param modes string[]
---@param unknown string[]  gets the words that are no mode
---@return DailyRecording
function dailyrecording.of(modes, unknown)
	local recording = { server = false, cloud = false, browser = false };
	for _, mode in ipairs(modes) do
		if server_modes[mode] then recording.server = true;
		elseif other_modes[mode] then recording.browser = true;
		else unknown[#unknown + 1] = "er:" .. mode; end
		if mode == "cloud" then recording.cloud = true; end
	end
	return recording;
end

--- Read a mode, or a list of modes, from a token.
---@param er any
---@param unknown string[]
---@return DailyRecording?  nil where it is neither
function dailyrecording.read(er, unknown)
	local modes = type(er) == "string" and { er } or dailyjson.list(er);
	return modes and dailyrecording.of(modes, unknown);
end

return dailyrecording;
