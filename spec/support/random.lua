--- Numbers that look random and are the same in every run (Marsaglia's xorshift, 64 bits).

--- random(seed) -> next; next(n) -> an integer from 1 to n
return function (seed)
	local x = seed;
	return function (n)
		x = x ~ x << 13;
		x = x ~ x >> 7;
		x = x ~ x << 17;
		return (x >> 1) % n + 1;
	end;
end;
