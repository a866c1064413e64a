local answers = require "meetauth.rest.answers";

local function request(more)
	local one = { content_type = "application/json", body = "{}" };
	for name, value in pairs(more) do one[name] = value; end
	return one;
end

describe("answers of the REST interface", function ()
	it("are Daily's words with their statuses, and a text for people", function ()
		assert.same({ status = 404, body = { error = "not-found", info = "room x not found" } },
			answers.failed("no_address", "room x not found"));
		assert.same({ status = 401, body = { error = "authentication-error", info = "the API key is unknown" } },
			answers.failed("unknown_api_key"));
	end);

	it("have a text also where there is no more to say", function ()
		for _, name in ipairs({ "unknown_api_key", "no_address", "too_many", "broken" }) do
			assert.is_string(answers.failed(name).body.info);
		end
	end);

	it("blame the server where its storage does not answer, and the request for every other reason", function ()
		assert.same({ status = 500, body = { error = "server-error", info = "no: storage-unavailable" } },
			answers.failed_for("storage-unavailable", "no: %s"));
		assert.equal("invalid-request-error", answers.failed_for("revoked", "%s").body.error);
	end);

	it("take a body of strict JSON, at most 16 KiB of it", function ()
		assert.same({ a = true }, (answers.read_body(request { body = "{\"a\":true}" })));
		assert.same({}, (answers.read_body(request { content_type = "Application/JSON; charset=utf-8" })));
		for _, case in ipairs({
			{ { body = "{" }, 400, "json-parsing-error" };
			{ { body = false }, 413, "invalid-request-error" };
			{ { body = "\"" .. ("x"):rep(16383) .. "\"" }, 413, "invalid-request-error" };
			{ { content_type = "text/plain" }, 415, "invalid-request-error" };
			{ { content_encoding = "gzip" }, 415, "invalid-request-error" };
			{ { transfer_encoding = "chunked" }, 411, "invalid-request-error" };
		}) do
			local body, refusal = answers.read_body(request(case[1]));
			assert.is_nil(body);
			assert.same({ case[2], case[3] }, { refusal.status, refusal.body.error });
		end
	end);
end);
