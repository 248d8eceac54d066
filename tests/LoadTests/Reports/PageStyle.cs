namespace AutogradService.LoadTests.Reports;

/// <summary>The style of reports, in light and in dark.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --ink: #1c2430; --soft: #5c6778; --line: #e3e7ed; --good: #1a7f4b; --bad: #c2362b; --warn: #8a5a00; --warn-page: #fff6e0;
          --c1: #2f6bd8; --c2: #d9622b; --c3: #1f9a70; --c4: #8a57c4; --c5: #b8860b; --c6: #7b8794; }
        @media (prefers-color-scheme: dark) { :root { --page: #12161c; --card: #1a2029; --ink: #e6eaf0; --soft: #98a4b5; --line: #2b3441; --good: #4cc38a; --bad: #ff7b6e; --warn: #f0c060; --warn-page: #2c2411;
          --c1: #6ea1ff; --c2: #ff9563; --c3: #45c99a; --c4: #b58cf0; --c5: #e0b64a; --c6: #94a1b2; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        main { max-width: 1180px; margin: 0 auto; padding: 32px 20px 64px; }
        header h1 { margin: 0; font-size: 26px; line-height: 1.25; letter-spacing: -.01em; }
        header p { margin: 4px 0 0; color: var(--soft); }
        h2 { margin: 40px 0 12px; font-size: 19px; }
        h3 { margin: 0; font-size: 14px; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 20px 0; }
        .tile, .chart, .card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
        .tile { padding: 12px 16px; }
        .tile b { display: block; font-size: 24px; font-weight: 600; line-height: 1.25; font-variant-numeric: tabular-nums; }
        .tile b small { font-size: 13px; font-weight: 400; color: var(--soft); }
        .tile span { color: var(--soft); font-size: 13px; }
        .tile.bad b { color: var(--bad); }
        .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 500px), 1fr)); gap: 14px; margin: 14px 0; }
        .chart { margin: 0; padding: 14px 14px 8px; }
        .chart figcaption p { margin: 2px 0 0; color: var(--soft); font-size: 12.5px; }
        .legend { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 4px 0 6px; padding: 0; list-style: none; color: var(--soft); font-size: 12.5px; }
        .legend li::before { content: ""; display: inline-block; width: 16px; margin-right: 6px; border-top: 3px solid currentColor; vertical-align: middle; }
        .legend li.dashed::before { border-top-style: dashed; }
        .legend .c1::before { color: var(--c1); } .legend .c2::before { color: var(--c2); } .legend .c3::before { color: var(--c3); }
        .legend .c4::before { color: var(--c4); } .legend .c5::before { color: var(--c5); } .legend .c6::before { color: var(--c6); }
        svg { display: block; width: 100%; height: auto; }
        svg text { font: 11px system-ui, "DejaVu Sans", sans-serif; fill: var(--soft); }
        svg .label { font-size: 10.5px; opacity: .85; }
        .grid line { stroke: var(--line); stroke-width: 1; }
        polyline { fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round; }
        polyline.dashed { stroke-dasharray: 5 4; }
        polygon.area { fill: currentColor; opacity: .12; }
        circle { fill: currentColor; stroke: var(--card); stroke-width: 1; }
        svg .c1 { color: var(--c1); } svg .c2 { color: var(--c2); } svg .c3 { color: var(--c3); } svg .c4 { color: var(--c4); } svg .c5 { color: var(--c5); } svg .c6 { color: var(--c6); }
        .mark line { stroke: var(--bad); stroke-width: 1.3; stroke-dasharray: 3 3; }
        .mark text { fill: var(--bad); font-weight: 600; }
        .columns rect { fill: transparent; } .columns rect:hover { fill: var(--ink); fill-opacity: .06; }
        .card { padding: 4px 16px; overflow-x: auto; margin: 12px 0; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { padding: 7px 14px 7px 0; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; } td.text { text-align: left; white-space: normal; }
        .texts th, .texts td { text-align: left; white-space: normal; } .texts td:first-child { white-space: nowrap; }
        th { color: var(--soft); font-weight: 500; font-size: 13px; } tr:last-child td { border-bottom: 0; }
        .bar { display: inline-block; height: 9px; border-radius: 3px; background: var(--bad); vertical-align: baseline; } .bar.refused { background: var(--c5); }
        .good { color: var(--good); } .bad { color: var(--bad); }
        .warnings { margin: 14px 0; padding: 10px 16px 10px 34px; border-radius: 10px; background: var(--warn-page); color: var(--warn); }
        details { margin: 12px 0; } summary { cursor: pointer; font-weight: 600; padding: 6px 0; }
        footer { margin-top: 40px; color: var(--soft); font-size: 13px; }
        """;
}
