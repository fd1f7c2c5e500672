-- Comments for wrk, no two alike: each with its own words, address, network and stamp. What was answered goes into a file,
-- one line for each answer: its status and where it led.
-- Arguments: a file with one stamp a line, the file for answers, the number of the first comment.

local threads = 0

function setup(thread)
  thread:set("own", threads)
  threads = threads + 1
end

function init(args)
  stamps = io.open(args[1], "r")
  answers = io.open(args[2] .. "." .. own, "w")
  number = tonumber(args[3]) - 1
  -- The threads take turns with the stamps, and with the numbers.
  for _ = 1, own do stamps:read() end
  number = number + own
end

function request()
  local stamp = stamps:read()
  stamps:read()
  number = number + 2
  local body = "name=Plume+" .. number .. "&email=plume" .. number .. "%40example.org&website=&subject=&parent="
    .. "&stamp=" .. stamp .. "&body=Voil%C3%A0+le+commentaire+num%C3%A9ro+" .. number .. "%2C+d%E2%80%99une+plume+de+plus."
    .. "+Merci+d%E2%80%99avoir+pens%C3%A9+aux+cr%C3%A8ches+%3A+les+familles+de+notre+ville+en+parlent+depuis+longtemps%2C"
    .. "+et+nous+serons+l%C3%A0.%0D%0A%C3%80+bient%C3%B4t+%21"
  local network = string.format("%d.%d.%d.7", 11 + math.floor(number / 65536), math.floor(number / 256) % 256, number % 256)
  return wrk.format("POST", nil, {
    ["Content-Type"] = "application/x-www-form-urlencoded",
    ["Sec-Fetch-Site"] = "same-origin",
    ["X-Forwarded-For"] = network,
  }, body)
end

function response(status, headers, body)
  answers:write(status, " ", headers["location"] or "-", "\n")
  answers:flush()
end
