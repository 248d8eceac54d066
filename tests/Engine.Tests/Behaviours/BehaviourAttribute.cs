namespace AutogradService.Engine.Tests.Behaviours;

/// <summary>Names the recorded line of PyTorch that the method reproduces. The method returns what this engine gives, or throws what it refuses.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class BehaviourAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
