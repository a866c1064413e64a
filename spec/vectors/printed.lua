--- Text as an RFC prints it, in lines: without the line breaks and the blanks beside them.

--- printed(text) -> text
return function (text)
	return (text:gsub("^%s+", ""):gsub("%s*\n%s*", ""));
end;
