--- One HTTP/1.1 answer, read piece by piece (RFC 9112), by a client that trusts no server. Head and body have a limit,
-- and an answer that is cut off is not accepted. It knows no connection: the caller passes the pieces.

local httpresponse = {};

local HEAD_MAX = 16384;  -- bytes; of trailers, too
local FIELDS_MAX = 100;  -- of a head
local LINE_MAX = 256;    -- bytes of a line before a chunk
local INTERIM_MAX = 4;   -- answers 1xx before the one that counts

---@class Reader
---@field code integer
---@field headers table<string, string>  names in lower case
---@field body string
local reader = {};
reader.__index = reader;

--- A reader for one answer.
---@param max integer  bytes of the longest body
---@return Reader
function httpresponse.new(max)
	return setmetatable({ max = max, step = "head", rest = "", from = 1, parts = {}, size = 0, interim = 0 }, reader);
end

-- The fields of a head, each of which ends in CRLF. A single CR or LF ends no line: another reader might think that it
-- does, and would see another head.
local function fields_of(head)
	local headers, count, from = {}, 0, 1;
	while from <= #head do
		local last = head:find("\r\n", from, true);
		local line = head:sub(from, last and last - 1);
		if not last or line:find("[\r\n]") then return nil; end
		from = last + 2;
		local name, value = line:match("^([%w!#$%%&'*+.^_`|~-]+):[ \t]*(.*)$");
		count = count + 1;
		if not name or count > FIELDS_MAX then return nil; end
		name, value = name:lower(), value:match("^.*[^ \t]") or ""; -- from the end, for spaces may be many
		headers[name] = headers[name] and headers[name] .. ", " .. value or value;
	end
	return headers;
end

-- How the body ends (RFC 9112 6.3): the next step, or nil and why there is none.
local function framing(self)
	local coding, length = self.headers["transfer-encoding"], self.headers["content-length"];
	if self.code == 204 or self.code == 304 then return "done"; end
	if coding then
		if coding:lower() ~= "chunked" or length then return nil, "bad answer"; end
		return "line";
	end
	if not length then return "close"; end
	if not length:find("^%d+$") then return nil, "bad answer"; end
	self.left = tonumber(length);
	if self.left > self.max then return nil, "too much"; end
	return self.left == 0 and "done" or "length";
end

-- Bytes that have come and are not taken yet.
local function left(self) return #self.rest - self.from + 1; end

-- Take at most n bytes of the received body; true while that is not too much.
local function take(self, n)
	local piece = self.rest:sub(self.from, self.from + n - 1);
	self.from = self.from + #piece;
	self.size = self.size + #piece;
	self.parts[#self.parts + 1] = piece;
	return self.size <= self.max, #piece;
end

-- Each step takes from what has come: the next step; false to wait for more; nil and why there is none. Bytes that were
-- taken are passed over, not cut off: an answer may come in a great many chunks.
local steps = {};

function steps.head(self)
	local last = self.rest:find("\r\n\r\n", self.from, true);
	if (last and last - self.from + 1 or left(self)) > HEAD_MAX then return nil, "too much"; end
	if not last then return false; end
	local head = self.rest:sub(self.from, last + 1);
	local code, fields = head:match("^HTTP/1%.[01] ([1-5]%d%d)%f[^%d][^\r\n]*\r\n(.*)$");
	self.headers = code and fields_of(fields);
	if not self.headers then return nil, "bad answer"; end
	self.code, self.from = math.tointeger(code), last + 4;
	if self.code >= 200 then return framing(self); end
	self.interim = self.interim + 1;
	if self.interim > INTERIM_MAX or self.code == 101 then return nil, "bad answer"; end
	return "head";
end

function steps.length(self)
	local fits, n = take(self, self.left);
	self.left = self.left - n;
	if not fits then return nil, "too much"; end
	return self.left == 0 and "done";
end

function steps.close(self)
	if not take(self, left(self)) then return nil, "too much"; end
	return false;
end

function steps.line(self)
	local last = self.rest:find("\r\n", self.from, true);
	if (last and last - self.from or left(self)) > LINE_MAX then return nil, "bad answer"; end
	if not last then return false; end
	local line = self.rest:sub(self.from, last - 1);
	local digits = line:match("^(%x+)[ \t]*$") or line:match("^(%x+)[ \t]*;[^\r\n]*$");
	if not digits or #digits > 8 then return nil, "bad answer"; end
	self.left, self.from = tonumber(digits, 16), last + 2;
	if self.size + self.left > self.max then return nil, "too much"; end
	return self.left == 0 and "trailers" or "chunk";
end

function steps.chunk(self)
	local _, n = take(self, self.left);
	self.left = self.left - n;
	return self.left == 0 and "line_end";
end

function steps.line_end(self)
	if left(self) < 2 then return false; end
	if self.rest:sub(self.from, self.from + 1) ~= "\r\n" then return nil, "bad answer"; end
	self.from = self.from + 2;
	return "line";
end

function steps.trailers(self)
	if self.rest:sub(self.from, self.from + 1) == "\r\n" or self.rest:find("\r\n\r\n", self.from, true) then return "done"; end
	if left(self) > HEAD_MAX then return nil, "too much"; end
	return false;
end

--- Take the next piece.
---@param piece string?  nil: the connection has ended
---@return boolean? done  true: code, headers and body are complete; false: more is expected
---@return string? failure  where done is nil: bad answer, too much, cut off
function reader:feed(piece)
	self.rest, self.from = self.rest:sub(self.from) .. (piece or ""), 1;
	while self.step ~= "done" do
		local step, failure = steps[self.step](self);
		if step == nil then return nil, failure; end
		if not step then break; end
		self.step = step;
	end
	if not piece and self.step == "close" then self.step = "done"; end
	if self.step == "done" then
		self.body = table.concat(self.parts);
		return true;
	end
	if not piece then return nil, "cut off"; end
	return false;
end

return httpresponse;
