module example.com/service

go 1.22

require example.com/sample v0.0.0

replace example.com/sample => ../sample
