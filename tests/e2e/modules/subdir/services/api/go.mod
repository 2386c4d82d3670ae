module example.com/repo/services/api

go 1.21
