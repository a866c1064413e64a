// refusals
