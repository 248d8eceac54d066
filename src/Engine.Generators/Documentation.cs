using System.Text;
using System.Xml.Linq;

namespace AutogradService.Engine.Generators;

/// <summary>Reads the summary of an XML documentation comment as plain text.</summary>
internal static class Documentation
{
    public static string Summary(string? xml)
    {
        if (string.IsNullOrWhiteSpace(xml)) return "";
        try
        {
            var summary = XElement.Parse(xml).Element("summary");
            return summary is null ? "" : Collapse(Text(summary));
        }
        catch (System.Xml.XmlException)
        {
            return "";
        }
    }

    private static string Text(XElement element)
    {
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            if (node is XText plain) text.Append(plain.Value);
            else if (node is XElement { Name.LocalName: "see" or "paramref" } link)
            {
                string target = (string?)link.Attribute("cref") ?? (string?)link.Attribute("name") ?? "";
                int paren = target.IndexOf('(');
                if (paren > 0) target = target.Substring(0, paren);
                text.Append(target.Substring(target.LastIndexOfAny(['.', ':']) + 1));
            }
            else if (node is XElement inner) text.Append(Text(inner));
        }
        return text.ToString();
    }

    private static string Collapse(string text)
    {
        var result = new StringBuilder();
        foreach (char c in text)
        {
            if (!char.IsWhiteSpace(c)) result.Append(c);
            else if (result.Length > 0 && result[result.Length - 1] != ' ') result.Append(' ');
        }
        return result.ToString().Trim();
    }
}
