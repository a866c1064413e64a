--- One HTTP/1.1 answer, read piece by piece (RFC 9112), by a client that trusts no server: bounded head and
-- body, and an answer that is cut off is none. Knows no connection: pieces are fed to it.

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
	return setmetatable({ max = max, step = "head", rest = "", parts = {}, size = 0, interim = 0 }, reader);
end

local function fields_of(head)
	local headers, count = {}, 0;
	for line in head:gmatch("([^\r\n]+)\r\n") do
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

-- Take up to n bytes of what has come as body; true while that is not too much.
local function take(self, n)
	local piece = self.rest:sub(1, n);
	self.rest = self.rest:sub(#piece + 1);
	self.size = self.size + #piece;
	self.parts[#self.parts + 1] = piece;
	return self.size <= self.max, #piece;
end

-- Each step takes from what has come: the next step; false to wait for more; nil and why there is none.
local steps = {};

function steps.head(self)
	local last = self.rest:find("\r\n\r\n", 1, true);
	if (last or #self.rest) > HEAD_MAX then return nil, "too much"; end
	if not last then return false; end
	local code, fields = self.rest:sub(1, last + 1):match("^HTTP/1%.[01] ([1-5]%d%d)%f[^%d][^\r\n]*\r\n(.*)$");
	self.headers = code and fields_of(fields);
	if not self.headers then return nil, "bad answer"; end
	self.code, self.rest = math.tointeger(code), self.rest:sub(last + 4);
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
	if not take(self, #self.rest) then return nil, "too much"; end
	return false;
end

function steps.line(self)
	local line, after = self.rest:match("^([^\r\n]*)\r\n()");
	if not line then
		if #self.rest > LINE_MAX then return nil, "bad answer"; end
		return false;
	end
	local digits = line:match("^(%x+)[ \t]*$") or line:match("^(%x+)[ \t]*;");
	if not digits or #digits > 8 then return nil, "bad answer"; end
	self.left, self.rest = tonumber(digits, 16), self.rest:sub(after);
	if self.size + self.left > self.max then return nil, "too much"; end
	return self.left == 0 and "trailers" or "chunk";
end

function steps.chunk(self)
	local _, n = take(self, self.left);
	self.left = self.left - n;
	return self.left == 0 and "line_end";
end

function steps.line_end(self)
	if #self.rest < 2 then return false; end
	if self.rest:sub(1, 2) ~= "\r\n" then return nil, "bad answer"; end
	self.rest = self.rest:sub(3);
	return "line";
end

function steps.trailers(self)
	if self.rest:sub(1, 2) == "\r\n" or self.rest:find("\r\n\r\n", 1, true) then return "done"; end
	if #self.rest > HEAD_MAX then return nil, "too much"; end
	return false;
end

--- Take the next piece.
---@param piece string?  nil: the connection has ended
---@return boolean? done  true: code, headers and body are there; false: more is to come
---@return string? failure  where done is nil: bad answer, too much, cut off
function reader:feed(piece)
	self.rest = self.rest .. (piece or "");
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
