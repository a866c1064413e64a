local httpresponse = require "meetauth.http.response";
local growth = require "spec.support.growth";

local MAX = 100;

local function lines(...)
	return table.concat({ ... }, "\r\n");
end

local ok = "HTTP/1.1 200 OK";
local cases = {
	{ name = "a body of a known length", text = lines(ok, "Content-Length: 5", "", "hello"), code = 200, body = "hello" };
	{ name = "no byte beyond that length",
		text = lines(ok, "Content-Length: 5", "", "hello and more"), code = 200, body = "hello" };
	{ name = "a body until the end of the connection",
		text = lines("HTTP/1.0 200 OK", "", "hello"), code = 200, body = "hello" };
	{ name = "a body in chunks",
		text = lines(ok, "Transfer-Encoding: chunked", "", "3", "hel", "2 ;x=y", "lo", "0", "", ""), code = 200, body = "hello" };
	{ name = "trailers",
		text = lines(ok, "Transfer-Encoding: Chunked", "", "5", "hello", "0", "X: y", "", ""), code = 200, body = "hello" };
	{ name = "an empty body", text = lines(ok, "Content-Length: 0", "", ""), code = 200, body = "" };
	{ name = "204, which has no body", text = lines("HTTP/1.1 204 No Content", "", ""), code = 204, body = "" };
	{ name = "304 with the length of what it stands for",
		text = lines("HTTP/1.1 304 Not Modified", "Content-Length: 500", "", ""), code = 304, body = "" };
	{ name = "an interim answer first",
		text = lines("HTTP/1.1 100 Continue", "", ok, "Content-Length: 2", "", "{}"), code = 200, body = "{}" };
	{ name = "a status without words", text = lines("HTTP/1.1 500", "Content-Length: 1", "", "x"), code = 500, body = "x" };
	{ name = "a body of just the limit",
		text = lines(ok, "Content-Length: 100", "", ("x"):rep(100)), code = 200, body = ("x"):rep(100) };

	{ name = "a longer body, at once", text = lines(ok, "Content-Length: 101", "", ""), failure = "too much" };
	{ name = "an absurd length", text = lines(ok, "Content-Length: " .. ("9"):rep(400), "", ""), failure = "too much" };
	{ name = "a longer body until the end", text = lines(ok, "", ("x"):rep(101)), failure = "too much" };
	{ name = "a longer chunk, at once", text = lines(ok, "Transfer-Encoding: chunked", "", "65", ""), failure = "too much" };
	{ name = "many chunks",
		text = lines(ok, "Transfer-Encoding: chunked", "", ("32\r\n" .. ("x"):rep(50) .. "\r\n"):rep(3)), failure = "too much" };
	{ name = "a head without end", text = ok .. "\r\nX: " .. ("x"):rep(17000), failure = "too much" };
	{ name = "trailers without end",
		text = lines(ok, "Transfer-Encoding: chunked", "", "0", ("x"):rep(17000)), failure = "too much" };
	{ name = "too many fields", text = lines(ok, ("X: y\r\n"):rep(101), "", ""), failure = "bad answer" };
	{ name = "a negative length", text = lines(ok, "Content-Length: -5", "", "x"), failure = "bad answer" };
	{ name = "two lengths", text = lines(ok, "Content-Length: 5", "Content-Length: 6", "", "x"), failure = "bad answer" };
	{ name = "a length beside chunks",
		text = lines(ok, "Content-Length: 5", "Transfer-Encoding: chunked", "", "x"), failure = "bad answer" };
	{ name = "another coding", text = lines(ok, "Transfer-Encoding: gzip, chunked", "", "x"), failure = "bad answer" };
	{ name = "a chunk without a size", text = lines(ok, "Transfer-Encoding: chunked", "", "x", ""), failure = "bad answer" };
	{ name = "a negative chunk", text = lines(ok, "Transfer-Encoding: chunked", "", "-1", ""), failure = "bad answer" };
	{ name = "an absurd chunk", text = lines(ok, "Transfer-Encoding: chunked", "", "fffffffff", ""), failure = "bad answer" };
	{ name = "a chunk line without end",
		text = lines(ok, "Transfer-Encoding: chunked", "", ("1"):rep(300)), failure = "bad answer" };
	{ name = "a chunk longer than it says",
		text = lines(ok, "Transfer-Encoding: chunked", "", "1", "xyz", ""), failure = "bad answer" };
	{ name = "interim answers without end", text = ("HTTP/1.1 100 Continue\r\n\r\n"):rep(5), failure = "bad answer" };
	{ name = "a switch of protocols", text = lines("HTTP/1.1 101 Switching", "", ""), failure = "bad answer" };
	{ name = "another protocol", text = "SSH-2.0-OpenSSH\r\n\r\n", failure = "bad answer" };
	{ name = "HTTP/2", text = lines("HTTP/2 200 OK", "", ""), failure = "bad answer" };
	{ name = "a field without a colon", text = lines(ok, "x", "", ""), failure = "bad answer" };
	{ name = "a folded field", text = lines(ok, "X: y", " z", "", ""), failure = "bad answer" };
	{ name = "a status of four digits", text = lines("HTTP/1.1 2000 OK", "", ""), failure = "bad answer" };
	{ name = "nothing", text = "", failure = "cut off" };
	{ name = "half a head", text = ok .. "\r\nContent-Le", failure = "cut off" };
	{ name = "half a body", text = lines(ok, "Content-Length: 5", "", "hel"), failure = "cut off" };
	{ name = "half a chunk", text = lines(ok, "Transfer-Encoding: chunked", "", "5", "hel"), failure = "cut off" };
	{ name = "chunks without the last one",
		text = lines(ok, "Transfer-Encoding: chunked", "", "5", "hello", ""), failure = "cut off" };
};

-- Feed the text in pieces of that size: the answer, or its failure.
local function read(text, size)
	local answer = httpresponse.new(MAX);
	for i = 1, #text, size do
		local done, failure = answer:feed(text:sub(i, i + size - 1));
		if done or failure then return done and answer, failure; end
	end
	local done, failure = answer:feed(nil);
	return done and answer, failure;
end

describe("meetauth.http.response", function ()
	for _, case in ipairs(cases) do
		it((case.failure and "refuses " or "reads ") .. case.name .. ", however it is cut", function ()
			for _, size in ipairs({ 1, 2, 3, 7, 64, 1000000 }) do
				if size > 1 or #case.text < 1000 then
					local answer, failure = read(case.text, size);
					assert.equal(case.failure, failure);
					assert.equal(case.code, answer and answer.code or nil);
					assert.equal(case.body, answer and answer.body or nil);
				end
			end
		end);
	end

	it("knows fields by their names in lower case, and joins those that come twice", function ()
		local text = lines(ok, "ETag: \"a\"  ", "CACHE-control:no-cache", "Cache-Control: max-age=5", "Content-Length: 0", "", "");
		local answer = read(text, 5);
		assert.same({ etag = '"a"', ["cache-control"] = "no-cache, max-age=5", ["content-length"] = "0" }, answer.headers);
	end);

	it("takes white space off a field, however much there is #growth", function ()
		local function answer_of(size)
			return lines(ok, "ETag: a" .. (" "):rep(size) .. "b \t ", "X: \t ", "Content-Length: 0", "", "");
		end
		local answer = read(answer_of(100), 1000000);
		assert.same({ etag = "a" .. (" "):rep(100) .. "b", x = "", ["content-length"] = "0" }, answer.headers);
		local function within_limits(size) return answer_of(size // 4); end
		assert.is_true(growth.is_linear(function (text) read(text, 1000000); end, within_limits));
	end);

	for _, case in ipairs({
		{ name = "a line without an end", make = function (n) return lines(ok, ("x"):rep(n), "", ""); end },
		{ name = "a line that an LF by itself ends", make = function (n) return ok .. "\r\n" .. ("x"):rep(n) .. "\n\r\n\r\n"; end },
		{ name = "a line that a CR by itself ends", make = function (n) return ok .. "\r\n" .. ("x"):rep(n) .. "\rX: y\r\n\r\n"; end },
		{ name = "many lines that LFs by themselves end", make = function (n) return lines(ok, ("x: y\n"):rep(n // 5), "", ""); end },
		{ name = "a status line without an end", make = function (n) return ok .. (" "):rep(n) .. "\n\r\n\r\n"; end },
		{ name = "a name without a colon", make = function (n) return lines(ok, ("x"):rep(n) .. " y", "", ""); end },
		{ name = "one line of many names", make = function (n) return lines(ok, ("x:"):rep(n // 2) .. "\n", "", ""); end },
	}) do
		it(("refuses %s in a time that grows as the head does #growth"):format(case.name), function ()
			assert.equal("bad answer", select(2, read(case.make(1000), 1000000)));
			assert.is_true(growth.is_linear(function (text) read(text, 1000000); end, function (n) return case.make(n // 4); end));
		end);
	end

	it("takes the steps behind a head in a time that grows as the text does #growth", function ()
		local chunked = lines(ok, "Transfer-Encoding: chunked", "", "");
		for _, make in ipairs({
			function (n) return chunked .. ("1\r\nx\r\n"):rep(n // 6); end,
			function (n) return chunked .. ("%x\r\n"):format(n) .. ("x"):rep(n); end,
			function (n) return chunked .. "0\r\n" .. ("x: y\r\n"):rep(n // 96); end,
			function (n) return lines(ok, "", ("x"):rep(n)); end,
		}) do
			local function read_all(text)
				local answer = httpresponse.new(1000000);
				for i = 1, #text, 4096 do
					if answer:feed(text:sub(i, i + 4095)) ~= false then return; end
				end
			end
			assert.is_true(growth.is_linear(read_all, make));
		end
	end);
end);
