--- For each claim of Daily's: values as JSON that are taken, and values that are not. null is in neither list.

local e_acute, smile = "é", "\\ud83d\\ude00";

return {
	d = { good = { '"acme"' }, bad = { "1", "true", "{}", "[]", '["acme"]' } };
	r = {
		good = { '"x"', '"stand-up_1"', '"Hello"', '"' .. ("x"):rep(128) .. '"', '"0"', '"-"', '"_"' };
		bad = {
			'"' .. ("x"):rep(129) .. '"', '""', '"*"', '"a*"', '"*a"', '"a.b"', '"a b"', '".*"', '"^a$"', '"%a+"', '"[a]"',
			'"[t]a"', '"a@b"', '"a/b"', '"a?"', '"a\\n"', '"a\\u0000"', '"ä"', '"a%20b"', "1", "true", "{}", "[]", '["a"]', "null",
		};
	};
	iat = { good = { "1700000000", "1700000000.123", "0", "1e9" }, bad = { '"1700000000"', "true", "{}", "[]" } };
	exp = { good = { "1864081538", "1864081538.5", "1864081538000" }, bad = { '"1864081538"', "true", "{}", "[]" } };
	nbf = { good = { "0", "1548721569", "-1" }, bad = { '"0"', "false", "{}", "[]" } };
	ud = {
		good = {
			'"u1"', '"' .. ("x"):rep(36) .. '"', '"' .. e_acute:rep(36) .. '"', '"' .. smile:rep(36) .. '"', '" "', '"a:b"',
			"1", "77.0", "9007199254740992",
		};
		bad = {
			'""', '"' .. ("x"):rep(37) .. '"', '"' .. e_acute:rep(37) .. '"', '"' .. smile:rep(37) .. '"',
			"1.5", "1e300", "true", "{}", "[]",
			'"u\\u00001"', '"u\\u202e1"', '"u\\n"', '"u\\ufeff"', '"\\uffff"',
		};
	};
	u = { good = { '""', '"Ann"', '"' .. ("ä"):rep(300) .. '"', '"\\u202e"' }, bad = { "1", "true", "{}", '["Ann"]' } };
	o = { good = { "true", "false" }, bad = { "1", "0", '"true"', '"false"', '""', "{}", "[]", "[true]" } };
	k = { good = { "true", "false" }, bad = { "1", '"true"', "{}", "[]" } };
	ejt = { good = { "true", "false" }, bad = { "1", '"true"', "{}", "[]" } };
	eje = {
		good = { "1", "3600", "3600.0", "36e2", "2147483647" };
		bad = { "0", "-1", "1.5", "0.5", "2147483648", "1e300", "9223372036854775807", '"60"', "true", "{}", "[]" };
	};
	ss = { good = { "true", "false" }, bad = { "1", '"false"', "{}", "[]" } };
	er = {
		good = {
			'"cloud"', '"cloud-audio-only"', '"local"', '"raw-tracks"', '"rtp-tracks"', '"output-byte-stream"', '"vhs"', '""',
			"[]", '["cloud"]', '["local","cloud"]', '["cloud","cloud"]', '["vhs"]',
		};
		bad = { "true", "false", "1", "{}", '{"cloud":true}', "[1]", "[null]", '["cloud",1]', '[["cloud"]]', '["cloud",null]' };
	};
	sr = { good = { "true", "false" }, bad = { "1", '"true"', "{}", "[]" } };
	sro = { good = { "{}", '{"fps":30,"layout":{"preset":"x"},"n":null,"l":[1,null]}' }, bad = { "[]", "[1]", '"x"', "true", "1" } };
	ast = { good = { "true", "false" }, bad = { "1", '"true"', "{}", "[]" } };
	ao = { good = { "true", "false" }, bad = { "1", '"true"', "{}", "[]" } };
	vo = { good = { "true", "false" }, bad = { "1", '"true"', "{}", "[]" } };
	erui = { good = { "true", "false" }, bad = { "1", '"true"', "{}", "[]" } };
	uil = { good = { '"en"', '"pt-BR"', '"tlh"', '""' }, bad = { "1", "true", "{}", '["en"]' } };
	ctoe = { good = { "true", "false" }, bad = { "1", '"true"', "{}", "[]" } };
	rome = { good = { '"https://a.example/"', '"javascript:x"', '""' }, bad = { "1", "true", "{}", "[]" } };
	ij = { good = { "true", "1", '"x"', "{}", "[]" }, bad = {} }; -- nobody has published its type
	mjh = { good = { '"https://hook.example/"', '"x"' }, bad = { "1", "true", "{}", "[]" } };
	otcd = { good = { '"x"', '"' .. e_acute:rep(1024) .. '"' }, bad = { '"' .. ("x"):rep(1025) .. '"', "1", "{}" } };
	p = {
		good = { "{}", '{"cs":true}', '{"ca":"p"}' };
		bad = { "[]", '["cs"]', "true", "false", "1", '"p"', '{"cs":1}', '{"ca":{}}', '{"hp":"true"}', '{"cr":true}' };
	};
};
