--- The upper limit of an issuer entry: the rights that its tokens can give at most. It takes rights from a grant and
-- never adds any. It works for both dialects.

local sending = require "meetauth.dialect.jitsi.sending";
local set_of = require "meetauth.util.list".set;

local ceiling = {};

-- The fields that a bound can name. The features are Jitsi's own words; name-readonly takes something away, so it is none.
ceiling.rights = {
	"moderator", "lobby-bypass", "password-bypass",
	"recording", "livestreaming", "transcription", "screen-sharing", "outbound-call", "inbound-call",
	"sip-outbound-call", "sip-inbound-call", "create-polls", "send-groupchat", "send-private-message", "file-upload",
	"live-translation", "live-translation-subscribe", "flip", "branding", "calendar", "lobby", "moderation", "room",
	"list-visitors",
};

-- Rights that are no features.
local standing = { ["moderator"] = true, ["lobby-bypass"] = true, ["password-bypass"] = true };

-- Features that people have who are no moderators, where their tokens name none.
local everybodys = { ["screen-sharing"] = true, ["send-private-message"] = true, ["live-translation-subscribe"] = true };

ceiling.is_right = set_of(ceiling.rights);

--- The features that anybody knows, by their names.
---@type table<string, true>
ceiling.is_feature = { ["name-readonly"] = true };
for _, name in ipairs(ceiling.rights) do ceiling.is_feature[name] = not standing[name] or nil; end

-- Complete, because a neighbour takes an absent feature for a denied one, and a table without any for "as the role is".
local function features_of(grant, may)
	local features = {};
	for _, name in ipairs(ceiling.rights) do
		if not standing[name] then
			local given = grant.owner == "granted" or everybodys[name] or false;
			if grant.features then given = grant.features[name] or false; end
			features[name] = may[name] and given or false;
		end
	end
	if grant.features then features["name-readonly"] = grant.features["name-readonly"]; end
	return features;
end

-- The fields of the user that neighbours read are changed, too.
local function tell_user(user, words)
	for name, word in pairs(words) do
		if user and user[name] ~= nil then user[name] = word; end
	end
end

--- Take from a grant everything that the bound does not allow.
---@param grant Grant
---@param rights string[]
function ceiling.apply(grant, rights)
	local may = set_of(rights);
	if not may["moderator"] then
		grant.owner, grant.admin, grant.origins.owner = "denied", nil, "the entry";
		tell_user(grant.user, { moderator = false, affiliation = "member" });
	end
	if not may["lobby-bypass"] then
		grant.passes_lobby, grant.knocks, grant.origins.lobby = false, true, "the entry";
		tell_user(grant.user, { lobby_bypass = false, security_bypass = false });
	end
	if not may["password-bypass"] then
		grant.passes_password = false;
		tell_user(grant.user, { security_bypass = false });
	end
	grant.features = features_of(grant, may);
	grant.starts_recording = grant.starts_recording and grant.features["recording"] == true;
	grant.starts_transcription = grant.starts_transcription and grant.features["transcription"] == true;
	grant.pushes_permissions = true; -- what the client reads in its token may be more
end

--- Take from what the bearer of a grant may send. Owners send what they like: Jitsi's AV moderation is theirs.
---@param grant Grant
---@param words string[]?  the entry's bound; nil: none
function ceiling.send(grant, words)
	if grant.owner == "granted" then
		grant.send = nil;
		return;
	end
	if words then
		local may, send = sending.of(words), {};
		for _, medium in ipairs(sending.media) do send[medium] = (not grant.send or grant.send[medium]) and may[medium] or nil; end
		grant.send, grant.origins.send = send, "the entry";
	end
	local send = grant.send;
	if not send then return; end
	grant.advisory = grant.advisory or {};
	grant.advisory.send = sending.text(send);
	if next(grant.advisory) == nil then grant.advisory = nil; end
	if grant.features and not send.sv and grant.features["screen-sharing"] ~= false then
		grant.features["screen-sharing"], grant.pushes_permissions = false, true;
	end
end

return ceiling;
