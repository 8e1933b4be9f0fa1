// Charts from data blocks: bars (stacked or not), lines and a world map; colours come from the tokens, so both themes fit.
// Data: {type: "bars"|"line"|"map", categories, series: [{name, values, tone, tones}], stacked, horizontal, axis, show_values, totals: [index], label_every, mark, max, unit}
// or {type: "map", countries: [{id: "392" (ISO numeric), name, size, tone, text}], labels: how many are named}. Tones: accent priority major minor good high mid low.
const FILLS = { accent: "--sp-accent", priority: "--sp-priority-fill", major: "--sp-major-fill", minor: "--sp-minor-fill", good: "--sp-good-fill", high: "--sp-band-high", mid: "--sp-band-mid", low: "--sp-band-low" };
const EDGES = { mid: "--sp-band-edge-mid", low: "--sp-band-edge-low" };
const BUILDERS = { bars: buildBars, line: buildLine, map: buildMap };
const ANTARCTICA = "010";
const still = matchMedia("(prefers-reduced-motion: reduce)");
let worldReady = null;

// A token's value for canvas: light-dark() and variables are resolved by the browser through a probe.
function token(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

const fill = (tone) => token(FILLS[tone] ?? FILLS.accent);
const item = (tone) => ({ color: fill(tone), ...(EDGES[tone] ? { borderColor: token(EDGES[tone]), borderWidth: 1 } : {}) });
const text = (extra = {}) => ({ color: token("--sp-ink-2"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12, ...extra });
const grouped = (number) => Number(number).toLocaleString("en");

function buildBars(data) {
  const axis = {
    type: "category", data: data.categories.map(String), axisTick: { show: false }, inverse: Boolean(data.horizontal),
    axisLine: { lineStyle: { color: token("--sp-line-strong") } }, axisLabel: text({ interval: data.label_every ? (index) => index % data.label_every === 0 : "auto", hideOverlap: true }),
  };
  const scale = { type: "value", max: data.max, splitNumber: 2, axisLabel: { ...text(), show: Boolean(data.axis) }, splitLine: { show: Boolean(data.axis), lineStyle: { color: token("--sp-line") } } };
  return {
    grid: { left: 8, right: 8, top: data.show_values || data.totals ? 22 : 10, bottom: 2, containLabel: true },
    xAxis: data.horizontal ? scale : axis, yAxis: data.horizontal ? axis : scale,
    series: data.series.map((series, index) => barSeries(data, series, index === data.series.length - 1)),
  };
}

function barSeries(data, series, isLast) {
  const sums = data.categories.map((_, at) => data.series.reduce((sum, one) => sum + (one.values[at] ?? 0), 0));
  const marked = new Set((data.totals ?? []).map((at) => (at < 0 ? sums.length + at : at)));
  const totals = data.stacked && isLast && data.totals;
  return {
    name: series.name, type: "bar", stack: data.stacked ? "all" : undefined, barCategoryGap: data.stacked ? "28%" : "10%", barMaxWidth: 72,
    data: series.values.map((value, at) => ({ value, itemStyle: { ...item(series.tones?.[at] ?? series.tone), borderRadius: 2 } })),
    label: { show: Boolean(data.show_values) || Boolean(totals), position: data.horizontal ? "right" : "top", ...text({ fontSize: 11 }), formatter: ({ dataIndex, value }) => (totals ? (marked.has(dataIndex) ? grouped(sums[dataIndex]) : "") : grouped(value)) },
  };
}

function buildLine(data) {
  const series = data.series.map((one) => ({
    name: one.name, type: "line", data: one.values, symbol: "circle", symbolSize: (_, { dataIndex }) => (dataIndex === one.values.length - 1 ? 9 : 5), connectNulls: true,
    lineStyle: { color: fill(one.tone), width: 2 }, itemStyle: { color: fill(one.tone) },
    markLine: data.mark === undefined ? undefined : { silent: true, symbol: "none", data: [{ yAxis: data.mark }], lineStyle: { color: token("--sp-line-strong"), type: [2, 3] }, label: { ...text(), position: "end", formatter: String(data.mark) } },
    label: { show: Boolean(data.show_values), ...text({ fontSize: 11 }), formatter: ({ value }) => grouped(value) },
  }));
  return {
    grid: { left: 10, right: data.mark === undefined ? 12 : 30, top: data.show_values ? 22 : 8, bottom: data.axis ? 2 : 8, containLabel: Boolean(data.axis) },
    xAxis: { type: "category", data: data.categories.map(String), show: Boolean(data.axis), axisTick: { show: false }, axisLine: { lineStyle: { color: token("--sp-line-strong") } }, axisLabel: text(), boundaryGap: Boolean(data.axis) },
    yAxis: { type: "value", scale: true, show: Boolean(data.axis), max: data.max, splitNumber: 2, axisLabel: text(), splitLine: { lineStyle: { color: token("--sp-line") } } }, series,
  };
}

async function buildMap(data) {
  const places = await loadWorld();
  const shown = data.countries.filter((country) => places.has(country.id)).sort((one, other) => other.size - one.size);
  const largest = Math.max(1, ...shown.map((country) => country.size));
  const spots = shown.map((country) => places.get(country.id));
  const small = matchMedia("(max-width: 720px)").matches;
  const named = new Set(shown.slice(0, small ? 0 : data.labels ?? 8).map((country) => country.id));
  return {
    geo: { map: "world", roam: false, silent: true, layoutCenter: ["50%", "54%"], left: 8, right: 8, top: 8, bottom: 8, boundingCoords: [[-168, 76], [180, -52]], itemStyle: { areaColor: token("--sp-sunken"), borderColor: token("--sp-map-edge"), borderWidth: 0.6 } },
    series: [{
      type: "scatter", coordinateSystem: "geo", labelLayout: { hideOverlap: true, moveOverlap: "shiftY" },
      data: shown.map((country) => ({ name: country.name, value: [...places.get(country.id), country.size], itemStyle: { ...item(country.tone), opacity: 0.95 }, label: { show: named.has(country.id), position: side(places.get(country.id), spots) } })),
      symbolSize: ([, , size]) => (small ? 5 + 14 * Math.sqrt(size / largest) : 10 + 28 * Math.sqrt(size / largest)),
      label: { ...text({ color: token("--sp-ink"), fontSize: 12 }), textBorderColor: token("--sp-surface"), textBorderWidth: 3, formatter: ({ name, value }) => `${name} ${grouped(value[2])}` },
    }],
  };
}

// The world's shapes once per page, and the middle of the largest part of every country.
function loadWorld() {
  worldReady ??= fetch(document.querySelector("script[data-world]").dataset.world)
    .then((reply) => reply.json())
    .then((topology) => {
      const world = globalThis.topojson.feature(topology, topology.objects.countries);
      world.features = world.features.filter((country) => country.id !== ANTARCTICA).map(unrolled);
      globalThis.echarts.registerMap("world", world);
      return new Map(world.features.map((country) => [country.id, middle(country.geometry)]));
    });
  return worldReady;
}

// A country across the 180th meridian goes on beyond it, instead of leaving a line through the whole map.
function unrolled(country) {
  const { type, coordinates } = country.geometry;
  const straighten = (ring) => {
    let turn = 0;
    return ring.map(([x, y], at) => {
      if (at && Math.abs(x - ring[at - 1][0]) > 180) turn += x < ring[at - 1][0] ? 360 : -360;
      return [x + turn, y];
    });
  };
  return { ...country, geometry: { type, coordinates: type === "Polygon" ? coordinates.map(straighten) : coordinates.map((part) => part.map(straighten)) } };
}

// A name stands at the left where another circle is close at the right, and above where both sides are taken.
function side(place, places) {
  const near = (from, to) => places.some(([x, y]) => x - place[0] > from && x - place[0] < to && Math.abs(y - place[1]) < 7);
  if (!near(0, 38)) return "right";
  return near(-28, 0) ? "top" : "left";
}

function middle(geometry) {
  const rings = geometry.type === "Polygon" ? [geometry.coordinates[0]] : geometry.coordinates.map((part) => part[0]);
  const largest = rings.map(centre).sort((one, other) => other.area - one.area)[0];
  return [largest.x, largest.y];
}

function centre(ring) {
  let doubled = 0; let x = 0; let y = 0;
  for (let at = 0; at < ring.length - 1; at += 1) {
    const cross = ring[at][0] * ring[at + 1][1] - ring[at + 1][0] * ring[at][1];
    doubled += cross; x += (ring[at][0] + ring[at + 1][0]) * cross; y += (ring[at][1] + ring[at + 1][1]) * cross;
  }
  return doubled ? { area: Math.abs(doubled), x: x / (3 * doubled), y: y / (3 * doubled) } : { area: 0, x: ring[0][0], y: ring[0][1] };
}

async function draw(place) {
  const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  const option = await BUILDERS[data.type](data);
  const chart = globalThis.echarts.getInstanceByDom(place) ?? globalThis.echarts.init(place, null, { renderer: "canvas" });
  chart.setOption({ animation: !still.matches, animationDuration: 300, ...option }, true);
}

export function drawCharts(root = document) {
  for (const place of root.querySelectorAll("[data-chart]")) draw(place);
}

drawCharts();
document.fonts?.ready.then(() => drawCharts());
document.addEventListener("htmx:afterSettle", (event) => drawCharts(event.target));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawCharts());
new MutationObserver(() => drawCharts()).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
addEventListener("resize", () => { for (const place of document.querySelectorAll("[data-chart]")) globalThis.echarts.getInstanceByDom(place)?.resize(); });
