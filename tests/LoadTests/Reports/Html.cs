using System.Net;
using System.Text;

namespace AutogradService.LoadTests.Reports;

/// <summary>Pieces of pages.</summary>
internal static class Html
{
    /// <summary>Text as it stands in a page.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A whole page.</summary>
    public static string Page(string title, string note, string body) =>
        $"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/><title>{Text(title)}</title><style>\n{PageStyle.Css}\n</style></head>"
        + $"<body><main><header><h1>{Text(title)}</h1><p>{Text(note)}</p></header>{body}</main></body></html>\n";

    /// <summary>A table; cells are HTML, and numbers unless they are text.</summary>
    public static string Table(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows, bool isText = false)
    {
        var html = new StringBuilder($"<div class=\"card\"><table{(isText ? " class=\"texts\"" : "")}><thead><tr>");
        foreach (string head in heads) html.Append("<th>").Append(Text(head)).Append("</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            html.Append("<tr>");
            foreach (string cell in row) html.Append("<td>").Append(cell).Append("</td>");
            html.Append("</tr>");
        }
        return html.Append("</tbody></table></div>").ToString();
    }

    /// <summary>Names and values.</summary>
    public static string Facts(IEnumerable<Fact> facts)
    {
        var html = new StringBuilder("<div class=\"card\"><table><tbody>");
        foreach (var fact in facts) html.Append("<tr><td>").Append(Text(fact.Name)).Append("</td><td class=\"text\">").Append(Text(fact.Value)).Append("</td></tr>");
        return html.Append("</tbody></table></div>").ToString();
    }

    /// <summary>Demands and what came of them.</summary>
    public static string Checks(IReadOnlyList<Check> checks) => checks.Count == 0 ? "" :
        "<h2>Demands</h2>" + Table(["", "demand", "measured"], checks.Select(static c => (IReadOnlyList<string>)[c.Passed ? "<span class=\"good\">✓ met</span>" : "<span class=\"bad\">✗ not met</span>", Text(c.Name), Text(c.Value)]), isText: true);
}
