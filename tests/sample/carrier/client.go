package carrier

import "net/http"

// Client talks to one carrier's server.
type Client struct {
	url  string
	http *http.Client
}

// NewClient returns a client with connections of its own.
func NewClient(url string) *Client {
	return &Client{url: url, http: &http.Client{Transport: &http.Transport{}}}
}

// Healthy tells whether the carrier's server answers.
func (c *Client) Healthy() bool {
	resp, err := c.http.Get(c.url + "/health") // bug: (k) body
	if err != nil {
		return false
	}
	return resp.StatusCode == http.StatusOK
}

// Close closes connections that nobody uses.
func (c *Client) Close() {
	c.http.CloseIdleConnections()
}
