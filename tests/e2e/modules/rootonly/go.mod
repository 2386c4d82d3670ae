module example.com/rootonly/v2

go 1.21
