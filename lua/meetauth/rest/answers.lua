--- Parts that all endpoints of the REST interface share: errors, and the body of a request. Error words are Daily's. The
-- free text next to them is ours, except if Daily's text is known.

local core = require "meetauth.core";

local answers = {};

local BODY_MAX = 16384; -- bytes

---@class RestAnswer
---@field status integer
---@field body table
---@field allow string?     methods, where the status is 405
---@field entry table?      whose API key it was
---@field event string?     for the log: minted, validated, room made, room changed, room deleted
---@field dropped string[]? properties that made no claim
---@field unkept string[]?  properties of a room that are written down and have no effect

--- Every error: its status, Daily's word for it, and what is said where there is no more to say.
answers.errors = {
	no_api_key = { 400, "authorization-header-error" };
	unknown_api_key = { 401, "authentication-error", "the API key is unknown" };
	no_json = { 400, "json-parsing-error" };
	invalid = { 400, "invalid-request-error" };
	forbidden = { 403, "forbidden-error" };
	no_address = { 404, "not-found", "this address does not exist" };
	no_method = { 405, "invalid-request-error" };
	no_length = { 411, "invalid-request-error" };
	too_large = { 413, "invalid-request-error" };
	no_media_type = { 415, "invalid-request-error" };
	too_many = { 429, "rate-limit-error", "more than 20 requests came in one second" };
	broken = { 500, "server-error", "the server cannot answer now" };
};

--- The answer that is an error.
---@param name string   in errors
---@param info string?  for people
---@return RestAnswer
function answers.failed(name, info)
	local status, word, usual = table.unpack(answers.errors[name]);
	return { status = status, body = { error = word, info = info or usual } };
end

local failed = answers.failed;

--- The answer where something was refused for a reason: no token can be judged while storage does not answer.
---@param reason string  of the closed list
---@param words string   a format for it
---@return RestAnswer
function answers.failed_for(reason, words)
	return failed(reason == "storage-unavailable" and "broken" or "invalid", words:format(reason));
end

local function is_json(content_type)
	local media_type = (content_type or ""):match("^%s*([^;%s]*)");
	return media_type:lower() == "application/json";
end

--- The body of a request, as it was read from JSON.
---@param request RestRequest
---@return any body
---@return RestAnswer? refusal
function answers.read_body(request)
	if request.transfer_encoding then return nil, failed("no_length", "the body should come with a Content-Length"); end
	if not is_json(request.content_type) or request.content_encoding then
		return nil, failed("no_media_type", "the body should be application/json without a transfer or content encoding");
	end
	if not request.body or #request.body > BODY_MAX then
		return nil, failed("too_large", ("the body should have at most %d bytes"):format(BODY_MAX));
	end
	local body, reason = core.decode(request.body);
	if reason then return nil, failed("no_json", reason); end
	return body;
end

return answers;
