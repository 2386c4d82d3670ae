module example.com/replaced

go 1.21

require example.org/tiny v1.0.0

replace example.org/tiny => ./third_party/tiny
