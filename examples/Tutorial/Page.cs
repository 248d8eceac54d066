using System.Runtime.CompilerServices;
using AutogradService.Client;

namespace AutogradService.Examples.Tutorial;

/// <summary>Where the tutorial is written: explanations, the code that is run, what came of it. The compiler copies the code, so what is shown is what ran.</summary>
internal sealed class Page(TextWriter output)
{
    private const int LineWidth = 100;
    private const string Indent = "    ";

    /// <summary>Whether everything claimed so far was true.</summary>
    public bool AllClaimsHold { get; private set; } = true;

    /// <summary>Starts a chapter.</summary>
    public void Title(string text)
    {
        output.WriteLine();
        output.WriteLine(text);
        output.WriteLine(new string('=', text.Length));
    }

    /// <summary>Explains, broken into lines.</summary>
    public void Say(string text)
    {
        output.WriteLine();
        int length = 0;
        foreach (string word in text.Split(' '))
        {
            if (length > 0 && length + 1 + word.Length > LineWidth)
            {
                output.WriteLine();
                length = 0;
            }
            output.Write(length > 0 ? " " + word : word);
            length += word.Length + (length > 0 ? 1 : 0);
        }
        output.WriteLine();
        output.WriteLine();
    }

    /// <summary>Shows a line of code that gives a tensor its name.</summary>
    /// <returns>The tensor.</returns>
    public Tensor Let(string name, Tensor value, [CallerArgumentExpression(nameof(value))] string code = "")
    {
        Code($"var {name} = {code};");
        return value;
    }

    /// <summary>Shows a line of code, and runs it.</summary>
    public void Do(Action action, [CallerArgumentExpression(nameof(action))] string code = "")
    {
        action();
        Code(code["() => ".Length..] + ";");
    }

    /// <summary>Shows a tensor as PyTorch prints it.</summary>
    public async Task ShowAsync(Tensor value, [CallerArgumentExpression(nameof(value))] string code = "")
    {
        Code($"await {code}.ToStringAsync()");
        Lines(await value.ToStringAsync());
    }

    /// <summary>Shows an answer of the server's.</summary>
    public async Task ShowAsync<T>(Task<T> asking, [CallerArgumentExpression(nameof(asking))] string code = "")
    {
        Code("await " + code);
        Lines($"{await asking}");
    }

    /// <summary>Shows some code, without running it.</summary>
    public void Code(string code) => output.WriteLine($"{Indent}> {code}");

    /// <summary>Shows what came of some code.</summary>
    public void Lines(string text)
    {
        foreach (string line in text.TrimEnd().Split('\n')) output.WriteLine(Indent + line);
    }

    /// <summary>Says whether something is true.</summary>
    public void Claim(string what, bool isTrue)
    {
        AllClaimsHold &= isTrue;
        output.WriteLine($"{Indent}{(isTrue ? '✓' : '✗')} {what}: {isTrue}");
    }
}
