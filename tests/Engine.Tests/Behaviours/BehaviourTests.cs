using System.Reflection;
using Xunit;

namespace AutogradService.Engine.Tests.Behaviours;

/// <summary>Every recorded convention and message of PyTorch against this engine. Expected values stand in the recordings only.</summary>
public sealed class BehaviourTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, MethodInfo> s_behaviours = typeof(BehaviourTests).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(BehaviourGroup)))
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .SelectMany(method => method.GetCustomAttributes<BehaviourAttribute>().Select(a => (a.Name, Method: method)))
        .ToDictionary(b => b.Name, b => b.Method, StringComparer.Ordinal);

    public static TheoryData<string> All => [.. s_behaviours.Keys];

    [Theory, MemberData(nameof(All))]
    public void Behaves_as_recorded(string name)
    {
        var method = s_behaviours[name];
        using var group = (BehaviourGroup)Activator.CreateInstance(method.DeclaringType!)!;
        object? observed;
        try
        {
            observed = method.Invoke(group, BindingFlags.DoNotWrapExceptions, null, null, null);
        }
        catch (AutogradException refusal)
        {
            observed = Recording.Written(refusal);
        }
        Assert.True(Recording.Difference(name, observed) is not { } difference, $"{name}: {Recording.Difference(name, observed)}");
    }

    [Fact]
    public void Every_recorded_line_is_tested_or_has_a_reason()
    {
        var recorded = Recording.Names.ToHashSet(StringComparer.Ordinal);
        int tested = recorded.Count(s_behaviours.ContainsKey);
        output.WriteLine($"{recorded.Count} lines are recorded: {tested} are tested, {NotTested.Reasons.Count} are not, each for a reason");
        Assert.DoesNotContain(recorded, name => !s_behaviours.ContainsKey(name) && !NotTested.Reasons.ContainsKey(name));
        Assert.DoesNotContain(s_behaviours.Keys.Concat(NotTested.Reasons.Keys), name => !recorded.Contains(name));
        Assert.Empty(s_behaviours.Keys.Intersect(NotTested.Reasons.Keys));
    }
}
