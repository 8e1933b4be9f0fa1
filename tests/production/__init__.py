"""What breaks in a real installation: a worker that dies, a broker that goes away."""
