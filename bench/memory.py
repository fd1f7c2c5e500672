"""Memory of one web process after 1,000 and after 100,000 requests of all kinds: `python -m bench.memory`.

Pages that are kept, with parameters that nobody listed; searches that nobody made before; addresses that lead nowhere;
pages in both languages and all encodings.
"""

import tempfile
from pathlib import Path

from bench import site
from bench.load import family, load, memory
from bench.report import held
from bench.serving import free_port, production

FIRST, LAST = 1_000, 100_000
MOST = 1.1
# Every tenth request is made anew, and has no end of siblings.
SCRIPT = """
local pages = {{ {pages} }}
local codings = {{ "br", "gzip", "identity" }}
local number = 0
request = function()
  number = number + 1
  local path = pages[number % #pages + 1]
  if number % 10 == 0 then
    path = "/fr/evenements/?q=" .. number
  elseif number % 10 == 5 then
    path = path .. (path:find("?", 1, true) and "&" or "?") .. "utm_source=" .. number
  end
  return wrk.format("GET", path, {{ ["Accept-Encoding"] = codings[number % 3 + 1] }})
end
"""
PAGES = [
    site.PAGE,
    site.page_with(site.FEW),
    *(f"{site.page_with(site.MANY)}?comments={number}" for number in range(2, 40)),
    "/fr/",
    "/en/",
    "/fr/evenements/",
    "/en/events/",
    "/en/events/launch-global-partnership-strategy-early-childhood/",
    "/fr/lettre/",
    "/sitemap.xml",
]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        env = production(folder, port)
        site.prepare(env)
        script = Path(folder) / "all.lua"
        script.write_text(SCRIPT.format(pages=", ".join(f'"{page}"' for page in PAGES)))
        with site.served(env, port) as server:
            done, sizes = 0, {}
            for target in (FIRST, LAST):
                while done < target:
                    seconds = 1 if target == FIRST else 10
                    done += load(f"http://127.0.0.1:{port}", seconds=seconds, script=str(script)).requests
                worker = max(family(server.pid), key=memory)
                sizes[done] = memory(worker) / 2**20
    print("\nMemory of one web process, 16 threads, requests of all kinds\n")
    for requests, size in sizes.items():
        print(f"after {requests:>9,} requests{size:>9.1f} MB")
    first, last = sizes.values()
    print()
    ratio = last / first
    held("memory after 100,000 requests ÷ after 1,000", f"≤ {MOST}", f"{ratio:.2f} ({last:.0f} MB)", ratio <= MOST)


if __name__ == "__main__":
    main()
